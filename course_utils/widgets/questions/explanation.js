/** Opens the explanation that follows a prediction in the notebook; elsewhere does nothing. */

const PREDICTION = ".cw-questions";

/**
 * Open the first <details> of the text cells that follow; once, so that it can be closed again.
 * JupyterLab takes cells out of the page that are far away: then it is opened when it comes.
 * @param {HTMLElement} root of the widget
 * @returns {() => void} stops waiting for it
 */
export function openExplanation(root) {
  const cell = root.closest(".jp-Cell");
  if (!cell?.parentElement || open(cell)) return () => {};
  const observer = new MutationObserver(() => open(cell) && observer.disconnect());
  observer.observe(cell.parentElement, { childList: true, subtree: true });
  return () => observer.disconnect();
}

/** @param {Element} cell */
function open(cell) {
  for (let next = cell.nextElementSibling; next; next = next.nextElementSibling) {
    if (next.querySelector(`${PREDICTION}, .jp-MarkdownOutput :is(h1, h2)`)) return false;
    const details = next.querySelector(".jp-MarkdownOutput details");
    if (details) {
      details.setAttribute("open", "");
      return true;
    }
  }
  return false;
}
