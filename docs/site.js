// A prediction on a page: the first choice is told right or wrong, and what answers it unfolds.

function answersOf(box) {
  const parts = [...document.querySelectorAll(".prediction, h2, details")];
  const after = parts.slice(parts.indexOf(box) + 1);
  const end = after.findIndex((part) => !part.matches("details"));
  return after.slice(0, end < 0 ? after.length : end);
}

function choose(box, button) {
  if (box.querySelector("[aria-pressed=true]")) return;
  const right = box.querySelector("[data-right]");
  button.setAttribute("aria-pressed", "true");
  const verdict = button === right ? "Right" : "Not this one";
  const which = button === right ? "" : ` ${right.textContent} is right.`;
  box.querySelector("[role=status]").textContent = `${verdict}: ${button.dataset.why}${which}`;
  for (const details of answersOf(box)) details.open = true;
}

for (const box of document.querySelectorAll(".prediction")) {
  for (const button of box.querySelectorAll("button")) {
    button.disabled = false;
    button.addEventListener("click", () => choose(box, button));
  }
}

addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});
