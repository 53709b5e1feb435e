/** Whether the kernel behind a widget is still there, as far as the page can know it. */

/** @typedef {import("./model.d.ts").Model} Model */

export const GONE = "The kernel was restarted: run this cell again.";
const ENDED = new Set(["restarting", "autorestarting", "terminating", "dead"]);

/**
 * Call `act` when the kernel ends or another takes its place: no answer can come any more. Only a
 * new run of the cell, which makes a new widget, helps then. Outside JupyterLab nothing is known.
 * @param {Model} model
 * @param {() => void} act
 * @returns {() => void} stops it
 */
export function whenGone(model, act) {
  const manager = model.widget_manager;
  const session = manager?.context?.sessionContext;
  const status = session?.statusChanged ?? manager?.kernel?.statusChanged;
  /** @type {(sender: unknown, now: string) => void} */
  const check = (_, now) => {
    if (ENDED.has(now)) act();
  };
  status?.connect(check);
  session?.kernelChanged?.connect(act);
  return () => {
    status?.disconnect(check);
    session?.kernelChanged?.disconnect(act);
  };
}
