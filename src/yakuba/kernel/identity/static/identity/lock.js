// Hides the screen after some minutes without use, or at once by hand. The page stays where it is, with everything typed in it.
(() => {
  const screen = document.querySelector("[data-lock-screen]");
  if (!screen) return;
  const { idle, lock, alive } = screen.dataset;
  const limit = Number(idle) * 1000;
  const form = screen.querySelector("form");
  const fault = screen.querySelector("[data-lock-fault]");
  const noted = "yakuba.used";
  let lastSeen = Date.now();
  let lastAlive = Date.now();

  // Tabs of one session tell each other that somebody is there.
  const used = () => {
    try {
      return Math.max(lastSeen, Number(localStorage.getItem(noted)) || 0);
    } catch {
      return lastSeen;
    }
  };
  function note() {
    lastSeen = Date.now();
    try {
      localStorage.setItem(noted, String(lastSeen));
    } catch {
      /* a browser without storage counts per tab */
    }
    if (!screen.open && lastSeen - lastAlive > 60000) {
      lastAlive = lastSeen;
      fetch(alive, { headers: { Accept: "application/json" }, credentials: "same-origin" }).catch(() => {});
    }
  }

  // Until the server has locked as well, a page loaded anew would show everything: told again every second.
  let isTold = true;
  let telling = null;
  function tell() {
    telling ??= fetch(lock, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then((reply) => {
        isTold = isTold || reply.ok;
      })
      .catch(() => {}) // no line to the server: the next second tries again
      .finally(() => {
        telling = null;
      });
    return telling;
  }

  function close() {
    if (screen.open) return;
    screen.showModal();
    isTold = false;
    tell();
  }

  for (const kind of ["pointerdown", "keydown", "scroll", "input"]) document.addEventListener(kind, () => screen.open || note(), { passive: true, capture: true });
  screen.addEventListener("cancel", (event) => event.preventDefault());
  setInterval(() => {
    if (!screen.open && Date.now() - used() >= limit) close();
    if (screen.open && !isTold) tell();
  }, 1000);

  // The way to other people of this device leads through a locked screen only.
  for (const way of screen.querySelectorAll("a"))
    way.addEventListener("click", async (event) => {
      if (isTold) return;
      event.preventDefault();
      await tell();
      if (isTold) location.assign(way.href);
    });

  for (const byHand of document.querySelectorAll("form[data-lock-now]"))
    byHand.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      close();
    });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    fault.textContent = "";
    try {
      const reply = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, credentials: "same-origin" });
      const said = await reply.json();
      if (reply.ok) {
        isTold = true;
        screen.close();
        note();
      } else fault.textContent = said.error;
    } catch {
      fault.textContent = "つながりませんでした。もう一度お試しください。";
    }
    for (const field of form.querySelectorAll("input[type=password]")) {
      field.value = "";
      if (screen.open) field.focus();
    }
  });
})();
