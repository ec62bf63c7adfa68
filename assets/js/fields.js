// Comforts for forms. Every page works without this file.

const ERAS = [["令和", 2019, "2019-05-01"], ["平成", 1989, "1989-01-08"], ["昭和", 1926, "1926-12-25"], ["大正", 1912, "1912-07-30"], ["明治", 1868, "1873-01-01"]];
const LETTERS = { R: "令和", H: "平成", S: "昭和", T: "大正", M: "明治" };

function iso(year, month, day) {
  const made = new Date(Date.UTC(year, month - 1, day));
  if (made.getUTCFullYear() !== year || made.getUTCMonth() !== month - 1 || made.getUTCDate() !== day) return "";
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

function readDate(text) {
  const tidy = text.normalize("NFKC").replace(/\s/g, "");
  let found = /^(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?$/.exec(tidy) || /^(\d{4})(\d{2})(\d{2})$/.exec(tidy);
  if (found) return iso(Number(found[1]), Number(found[2]), Number(found[3]));
  found = /^([MTSHR]|明治|大正|昭和|平成|令和)\.?(元|\d{1,2})[年./-](\d{1,2})[月./-](\d{1,2})日?$/i.exec(tidy);
  if (!found) return "";
  const era = ERAS.find(([name]) => name === (LETTERS[found[1].toUpperCase()] || found[1]));
  const number = found[2] === "元" ? 1 : Number(found[2]);
  const day = iso(era[1] - 1 + number, Number(found[3]), Number(found[4]));
  return number >= 1 && eraOf(day) === era ? day : "";
}

function eraOf(day) {
  return day && ERAS.find(([, , first]) => day >= first);
}

function eraWords(day) {
  const era = eraOf(day);
  if (!era) return "";
  const [year, month, date] = day.split("-").map(Number);
  const number = year - era[1] + 1;
  return `${era[0]}${number === 1 ? "元" : number}年${month}月${date}日`;
}

for (const input of document.querySelectorAll("input[data-era]")) {
  const words = document.querySelector(`[data-era-of="${CSS.escape(input.id)}"]`);
  if (!words) continue;
  input.addEventListener("input", () => {
    const day = readDate(input.value);
    words.textContent = !day ? "" : input.type === "date" ? eraWords(day) : `${eraWords(day)}（${day.replaceAll("-", "/")}）`;
  });
}

for (const area of document.querySelectorAll("[data-upload]")) {
  const input = area.querySelector("input[type=file]");
  const list = area.querySelector(".upload__files");
  const show = () => {
    list.replaceChildren(...[...input.files].map((file) => {
      const line = document.createElement("li");
      const size = file.size < 1048576 ? `${Math.max(1, Math.round(file.size / 1024))} KB` : `${(file.size / 1048576).toFixed(1)} MB`;
      line.className = "upload__file";
      line.textContent = `${file.name}（${size}）`;
      return line;
    }));
  };
  input.addEventListener("change", show);
  for (const kind of ["dragenter", "dragover"]) area.addEventListener(kind, (event) => { event.preventDefault(); area.classList.add("upload--over"); });
  for (const kind of ["dragleave", "drop"]) area.addEventListener(kind, () => area.classList.remove("upload--over"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    const files = new DataTransfer();
    for (const file of input.multiple ? event.dataTransfer.files : [...event.dataTransfer.files].slice(0, 1)) files.items.add(file);
    input.files = files.files;
    show();
  });
}

document.querySelector("[data-focus-first]")?.focus();

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (event.target.closest("[data-print]")) window.print();
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A second press on a send button within five seconds is the same wish, not a second one.
document.addEventListener("submit", (event) => {
  const form = event.target;
  // What goes to a frame beside the page (a preview) is no sending.
  if (form.method !== "post" || event.defaultPrevented || event.submitter?.formTarget) return;
  if (form.dataset.sentAt && Date.now() - Number(form.dataset.sentAt) < 5000) event.preventDefault();
  else form.dataset.sentAt = String(Date.now());
});
window.addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sentAt; });
