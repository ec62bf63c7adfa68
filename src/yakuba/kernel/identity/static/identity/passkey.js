// Passkeys: fetches the question, lets the browser ask the person, sends the answer as an ordinary form.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const withIds = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  function question(options) {
    const asked = options.publicKey;
    asked.challenge = bytes(asked.challenge);
    if (asked.user) asked.user.id = bytes(asked.user.id);
    if (asked.allowCredentials) asked.allowCredentials = withIds(asked.allowCredentials);
    if (asked.excludeCredentials) asked.excludeCredentials = withIds(asked.excludeCredentials);
    return { publicKey: asked };
  }

  function answer(credential) {
    const response = { clientDataJSON: text(credential.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
      if (credential.response[name]) response[name] = text(credential.response[name]);
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment || undefined,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    };
  }

  function say(form, name) {
    for (const words of form.querySelectorAll("[data-passkey-words]")) words.hidden = words.dataset.passkeyWords !== name;
  }

  // The question stands in the page, or is fetched when somebody wants to answer it.
  async function ask(form) {
    if (form.dataset.question) return JSON.parse(document.getElementById(form.dataset.question).textContent);
    const reply = await fetch(form.dataset.options, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!reply.ok) return null;
    const said = await reply.json();
    return said.request_options || said;
  }

  async function go(form, button) {
    button.disabled = true;
    say(form, "");
    try {
      const options = await ask(form);
      if (!options) return say(form, "failed");
      const asked = question(options);
      const credential = form.dataset.passkey === "create" ? await navigator.credentials.create(asked) : await navigator.credentials.get(asked);
      form.elements.credential.value = JSON.stringify(answer(credential));
      form.requestSubmit();
    } catch (fault) {
      say(form, fault.name === "NotAllowedError" || fault.name === "AbortError" ? "cancelled" : fault.name === "InvalidStateError" ? "known" : "failed");
    } finally {
      button.disabled = false;
    }
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("[data-passkey-go]");
    if (!window.PublicKeyCredential || !window.isSecureContext) {
      button.disabled = true;
      say(form, "unsupported");
      continue;
    }
    button.addEventListener("click", () => (form.reportValidity() ? go(form, button) : undefined));
    form.addEventListener("submit", (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      go(form, button);
    });
  }
})();
