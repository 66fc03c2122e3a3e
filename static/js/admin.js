// Django's tables of inline rows give their inputs no names: each gets that of its column, so that it can be heard.

function nameInputs() {
  for (const cell of document.querySelectorAll(".tabular td[class^='field-'], .tabular td.delete")) {
    const name = heading(cell)?.textContent.trim();
    if (!name) continue;
    for (const input of cell.querySelectorAll("input:not([type=hidden]), select, textarea")) {
      if (!input.labels?.length && !input.hasAttribute("aria-label")) input.setAttribute("aria-label", name);
    }
    for (const box of cell.querySelectorAll(".select2-selection")) {
      box.removeAttribute("aria-labelledby");
      box.setAttribute("aria-label", `${name} ${box.textContent.replace("×", "").trim()}`.trim()); // what is chosen is part of it
      box.querySelector("[role=textbox]")?.setAttribute("aria-label", name);
    }
  }
}

// The first cell of a row holds hidden fields; where its heading is missing, the columns are one short.
function heading(cell) {
  const headings = cell.closest("table").querySelectorAll("thead th");
  const cells = [...cell.parentElement.children].filter((one) => !one.matches(".original"));
  return headings[cells.indexOf(cell) + (headings[0]?.matches(".original") ? 1 : 0)];
}

// Rows and their search boxes come and go by script: look again whenever something was put in.
const content = document.querySelector("#content");
if (content?.querySelector(".tabular")) {
  nameInputs();
  new MutationObserver(nameInputs).observe(content, { childList: true, subtree: true });
}
