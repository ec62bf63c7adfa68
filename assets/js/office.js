// Keyboard work in the office: one-letter shortcuts told by the page itself (data-keys), moving along rows, the list of keys.

const MEMORY = "yakuba.shortcuts";
const WAIT = 1200;
const BUILT_IN = [
  ["?", "この一覧を開く"],
  ["j　k", "表の次の行・前の行へ移動"],
  ["x", "表のその行を選ぶ・外す"],
  ["[　]", "前のページ・次のページ"],
  ["Ctrl + Enter", "入力中のフォームを送信"],
  ["Esc", "一覧やメニューを閉じる"],
];

let pending = "";
let timer = 0;

function allowed() {
  try { return localStorage.getItem(MEMORY) !== "off"; } catch { return true; }
}

function isTyping(element) {
  return element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) && !/^(checkbox|radio|button|submit)$/.test(element.type);
}

function act(element) {
  if (element.matches("input, select, textarea")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

function moveRow(step) {
  const links = [...document.querySelectorAll("#main table tbody tr")].map((row) => row.querySelector("a[href], button")).filter(Boolean);
  if (!links.length) return false;
  const now = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
  links[now < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, now + step))].focus();
  return true;
}

function find(keys) {
  return [...document.querySelectorAll("[data-keys]")].find((element) => element.dataset.keys === keys && !element.closest("dialog"));
}

function begins(keys) {
  return [...document.querySelectorAll("[data-keys]")].some((element) => element.dataset.keys.startsWith(`${keys} `));
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest?.("form");
    if (form && form.method === "post") { event.preventDefault(); form.requestSubmit(); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]") || !allowed()) return;
  clearTimeout(timer);
  const keys = pending ? `${pending} ${event.key}` : event.key;
  pending = "";
  const element = find(keys);
  if (element) { event.preventDefault(); act(element); return; }
  if (begins(keys)) {
    pending = keys;
    timer = setTimeout(() => { pending = ""; }, WAIT);
    return;
  }
  if (keys === "?") { event.preventDefault(); openList(); }
  else if (keys === "j" || keys === "k") { if (moveRow(keys === "j" ? 1 : -1)) event.preventDefault(); }
  else if (keys === "x") document.activeElement.closest?.("tr")?.querySelector("input[type=checkbox][form]")?.click();
  else if (keys === "[") document.querySelector("a[rel=prev]")?.click();
  else if (keys === "]") document.querySelector("a[rel=next]")?.click();
});

// One box above a column of boxes ticks them all; without a script there is none.
for (const all of document.querySelectorAll("[data-ticks]")) {
  const boxes = [...document.querySelectorAll(`input[type=checkbox][form="${all.dataset.ticks}"]`)];
  const told = document.querySelector(`[data-ticked="${all.dataset.ticks}"]`);
  const tell = () => {
    const count = boxes.filter((box) => box.checked).length;
    all.checked = count > 0 && count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
    if (told) told.textContent = count ? `${count}件を選んでいます` : "";
  };
  all.hidden = false;
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; tell(); });
  for (const box of boxes) box.addEventListener("change", tell);
  tell();
}

// A template of words goes into its field behind what is written there.
document.addEventListener("change", (event) => {
  const offered = event.target.closest?.("select[data-writes]");
  const field = offered && document.getElementById(offered.dataset.writes);
  const words = offered?.selectedOptions[0]?.dataset.words;
  if (!field || !words) return;
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n${words}` : words;
  offered.selectedIndex = 0;
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

function line(keys, words) {
  const term = document.createElement("dt");
  const text = document.createElement("dd");
  for (const key of keys.split(/[ 　]/)) {
    if (term.childNodes.length) term.append(" ");
    if (key === "+") term.append("+");
    else { const cap = document.createElement("kbd"); cap.textContent = key; term.append(cap); }
  }
  text.textContent = words;
  return [term, text];
}

function openList() {
  document.getElementById("shortcuts")?.showModal();
}

const list = document.querySelector("[data-shortcuts]");
if (list) {
  const own = [...document.querySelectorAll("[data-keys]")].map((element) => [element.dataset.keys, element.dataset.keysLabel || element.textContent.trim()]);
  list.replaceChildren(...[...own, ...BUILT_IN].flatMap(([keys, words]) => line(keys, words)));
}

const control = document.querySelector("[data-shortcuts-switch]");
if (control) {
  control.checked = allowed();
  control.addEventListener("change", () => {
    try { localStorage.setItem(MEMORY, control.checked ? "on" : "off"); } catch { /* private windows forget; the switch holds for this page */ }
  });
}
