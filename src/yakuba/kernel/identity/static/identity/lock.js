// Hides the screen after some minutes without use. The page stays where it is, with everything typed in it.
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

  async function close() {
    screen.showModal();
    const token = new FormData(form);
    await fetch(lock, { method: "POST", body: token, headers: { Accept: "application/json" }, credentials: "same-origin" }).catch(() => {});
  }

  for (const kind of ["pointerdown", "keydown", "scroll", "input"]) document.addEventListener(kind, () => screen.open || note(), { passive: true, capture: true });
  screen.addEventListener("cancel", (event) => event.preventDefault());
  setInterval(() => {
    if (!screen.open && Date.now() - used() >= limit) close();
  }, 1000);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    fault.textContent = "";
    try {
      const reply = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, credentials: "same-origin" });
      const said = await reply.json();
      if (reply.ok) {
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
