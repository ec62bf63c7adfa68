// Comforts of the form builder: dragging, conditions that offer what fits, the preview that follows what is typed.
// Every page works without this file.

for (const element of document.querySelectorAll("[data-without-script]")) element.hidden = true;
for (const form of document.querySelectorAll("[data-inert]")) form.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("change", (event) => { if (event.target.matches("[data-submits]")) event.target.form.requestSubmit(); });

const marked = document.querySelector("[data-scrolls-to]");
if (marked) {
  const target = document.getElementById(marked.dataset.scrollsTo) || document.querySelector(`[id^="${CSS.escape(marked.dataset.scrollsTo)}"]`);
  const shown = target?.closest(".field, fieldset, .card") || target;
  shown?.classList.add("is-marked");
  // Only this frame scrolls; the page around it stays where the clerk is typing.
  if (shown) window.scrollTo(0, shown.getBoundingClientRect().top + window.scrollY - window.innerHeight / 4);
}

// Parts of a page that belong to one choice.
for (const area of document.querySelectorAll("[data-shows-by]")) {
  const name = area.dataset.showsBy;
  const show = () => {
    const chosen = area.querySelector(`input[name="${name}"]:checked`)?.value || "";
    for (const part of area.querySelectorAll(`[data-when-${name}]`)) part.hidden = !part.getAttribute(`data-when-${name}`).split(" ").includes(chosen);
  };
  area.addEventListener("change", (event) => { if (event.target.name === name) show(); });
  show();
}

// Dragging questions. The buttons beside them do the same for keyboards.
const drop = document.querySelector("[data-drop-form]");
if (drop) {
  let dragged = null;
  const mark = document.createElement("li");
  mark.className = "builder__mark";
  mark.setAttribute("aria-hidden", "true");
  const own = (list) => [...list.children].filter((row) => row.dataset.path && row !== dragged);
  document.addEventListener("dragstart", (event) => {
    const row = event.target.closest?.("[data-path]");
    if (!row) return;
    dragged = row;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", row.dataset.path);
    row.classList.add("builder__row--dragged");
  });
  document.addEventListener("dragover", (event) => {
    if (!dragged) return;
    const step = event.target.closest("[data-step]");
    let list = event.target.closest("[data-list]") || step?.querySelector("[data-list]");
    if (!list || dragged.contains(list)) return;
    if (dragged.querySelector("[data-list]") && list.dataset.list.includes(">")) list = step.querySelector("[data-list]");
    event.preventDefault();
    const after = own(list).find((row) => event.clientY < row.getBoundingClientRect().top + row.getBoundingClientRect().height / 2);
    list.insertBefore(mark, after || null);
  });
  document.addEventListener("drop", (event) => {
    const list = mark.parentElement;
    if (!dragged || !list) return;
    event.preventDefault();
    const rows = [...list.children].filter((row) => row === mark || (row.dataset.path && row !== dragged));
    const [step, group = ""] = list.dataset.list.split(">");
    drop.elements.act.value = `place:${dragged.dataset.path}>${step}>${group}>${rows.indexOf(mark)}`;
    drop.submit();
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("builder__row--dragged");
    mark.remove();
    dragged = null;
  });
}

// The condition editor.
const source = document.querySelector("[data-subjects]");
const table = source ? JSON.parse(source.dataset.subjects) : null;

function option(value, words, chosen) {
  const made = document.createElement("option");
  made.value = value;
  made.textContent = words;
  made.selected = value === chosen;
  return made;
}

function fitComparisons(row) {
  const subject = table.subjects[row.querySelector("[data-condition-subject]").value];
  const select = row.querySelector("[data-condition-comparison]");
  const before = select.value;
  const offered = subject ? table.comparisons[subject.type] : [];
  select.replaceChildren(option("", "比べ方", before), ...offered.map(([key, words]) => option(key, words, before)));
  if (!offered.some(([key]) => key === before)) select.value = offered.length ? offered[0][0] : "";
  fitValue(row);
}

function fitValue(row) {
  const subject = table.subjects[row.querySelector("[data-condition-subject]").value];
  const key = row.querySelector("[data-condition-comparison]").value;
  const takes = subject ? (table.comparisons[subject.type].find(([one]) => one === key) || [])[2] || "one" : "one";
  const place = row.querySelector("[data-condition-value]");
  const kind = `${row.querySelector("[data-condition-subject]").value} ${takes}`;
  if (place.dataset.kind === kind) return;
  const before = [...place.querySelectorAll("input:checked, select, input:not([type=checkbox])")].map((one) => one.value).filter(Boolean);
  place.dataset.kind = kind;
  const name = takes === "several" ? place.dataset.names : place.dataset.name;
  place.replaceChildren();
  if (takes === "none") return;
  if (subject?.choices.length && takes === "several") {
    for (const [value, words] of subject.choices) {
      const label = document.createElement("label");
      const box = document.createElement("input");
      const text = document.createElement("span");
      label.className = "choice";
      Object.assign(box, { className: "choice__input", type: "checkbox", name, value, checked: before.includes(value) });
      text.textContent = words;
      label.append(box, text);
      place.append(label);
    }
  } else if (subject?.choices.length) {
    const select = document.createElement("select");
    Object.assign(select, { className: "select", name });
    select.setAttribute("aria-label", place.dataset.label);
    select.append(option("", "値を選ぶ", before[0]), ...subject.choices.map(([value, words]) => option(value, words, before[0])));
    place.append(select);
  } else {
    const input = document.createElement("input");
    Object.assign(input, { className: "input", name, value: before[0] || "", maxLength: 300, autocomplete: "off", placeholder: hint(subject) });
    input.setAttribute("aria-label", place.dataset.label);
    place.append(input);
  }
}

function hint(subject) {
  if (!subject) return "";
  if (subject.type.startsWith("date")) return "今日、2026-04-01 など";
  return /^(number|yen)/.test(subject.type) ? "数" : "値";
}

function setUp(editor) {
  const parts = [...editor.querySelectorAll("[data-condition-part]")];
  const show = () => {
    const chosen = editor.querySelector("[data-condition-modes] input:checked")?.value;
    for (const part of parts) part.hidden = part.dataset.conditionPart !== chosen;
  };
  editor.querySelector("[data-condition-modes]").addEventListener("change", show);
  show();
  const rows = editor.querySelector(".condition__list");
  for (const row of rows.children) fitFirst(row);
  rows.addEventListener("change", (event) => {
    const row = event.target.closest("[data-condition-row]");
    if (event.target.matches("[data-condition-subject]")) fitComparisons(row);
    if (event.target.matches("[data-condition-comparison]")) fitValue(row);
  });
  const blank = [...rows.children].slice(1).filter((row) => !row.querySelector("[data-condition-subject]").value);
  for (const row of blank) row.hidden = true;
  const more = editor.querySelector("[data-condition-more]");
  more.hidden = false;
  more.addEventListener("click", () => {
    const hidden = [...rows.children].find((row) => row.hidden);
    const row = hidden || addRow(editor, rows);
    row.hidden = false;
    row.querySelector("select").focus();
    more.hidden = rows.children.length >= 12;
  });
}

function fitFirst(row) {
  const subject = row.querySelector("[data-condition-subject]").value;
  const select = row.querySelector("[data-condition-comparison]");
  const place = row.querySelector("[data-condition-value]");
  if (!subject) select.replaceChildren(option("", "比べ方", ""));
  const offered = subject && table.subjects[subject] ? table.comparisons[table.subjects[subject].type] : [];
  place.dataset.kind = `${subject} ${(offered.find(([one]) => one === select.value) || [])[2] || "one"}`;
}

function addRow(editor, rows) {
  const count = editor.querySelector("[data-condition-count]");
  const number = rows.children.length;
  const row = rows.lastElementChild.cloneNode(true);
  row.querySelector(".field__error")?.remove();
  row.classList.remove("field--error");
  const prefix = editor.dataset.condition;
  const subject = row.querySelector("[data-condition-subject]");
  const comparison = row.querySelector("[data-condition-comparison]");
  const place = row.querySelector("[data-condition-value]");
  subject.name = `${prefix}-subject${number}`;
  subject.id = `id_${subject.name}`;
  subject.value = "";
  comparison.name = `${prefix}-comparison${number}`;
  place.dataset.name = `${prefix}-value${number}`;
  place.dataset.names = `${prefix}-values${number}`;
  place.dataset.label = `${number + 1}行目：値`;
  subject.setAttribute("aria-label", `${number + 1}行目：質問`);
  comparison.setAttribute("aria-label", `${number + 1}行目：比べ方`);
  comparison.replaceChildren(option("", "比べ方", ""));
  place.replaceChildren();
  delete place.dataset.kind;
  rows.append(row);
  count.value = String(rows.children.length);
  return row;
}

if (table) for (const editor of document.querySelectorAll("[data-condition]")) setUp(editor);

// The preview of what is being typed.
const form = document.querySelector("form[data-live]");
const frame = document.querySelector("[data-preview]");
if (form && frame) {
  const note = document.querySelector("[data-preview-note]");
  let waiting = 0;
  let asked = 0;
  let language = "";
  const refresh = async () => {
    const number = ++asked;
    try {
      const address = language ? `${form.dataset.live}${form.dataset.live.includes("?") ? "&" : "?"}language=${language}` : form.dataset.live;
      const answer = await fetch(address, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok || number !== asked) return;
      const told = await answer.json();
      for (const [name, words] of Object.entries(told.sentences)) {
        const place = document.querySelector(`[data-sentence="${CSS.escape(name)}"]`);
        if (place && place.textContent !== words) place.textContent = words;
      }
      if (note) note.textContent = told.note;
      if (told.page) frame.srcdoc = told.page;
    } catch { /* no connection just now: the page itself is untouched */ }
  };
  const later = () => { clearTimeout(waiting); waiting = setTimeout(refresh, 500); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  for (const chip of document.querySelectorAll("[data-preview-language]")) {
    chip.addEventListener("click", (event) => {
      event.preventDefault();
      language = chip.dataset.previewLanguage;
      for (const one of document.querySelectorAll("[data-preview-language]")) one.toggleAttribute("aria-current", one === chip);
      refresh();
    });
  }
  for (const chip of document.querySelectorAll("[data-preview-width]")) {
    chip.hidden = false;
    chip.addEventListener("click", () => {
      const builder = chip.closest(".builder");
      builder.classList.toggle("builder--phone", chip.dataset.previewWidth === "phone");
      builder.classList.toggle("builder--desktop", chip.dataset.previewWidth === "desktop");
      for (const one of document.querySelectorAll("[data-preview-width]")) one.toggleAttribute("aria-current", one === chip);
    });
  }
  refresh();
}
