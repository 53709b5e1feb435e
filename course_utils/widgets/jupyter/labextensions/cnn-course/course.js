/**
 * An extension of JupyterLab, without a build. A notebook that is opened again shows each widget as
 * the still form that its output holds, and says how it comes back; JupyterLab itself would say
 * "Error displaying widget: model not found" in a trusted notebook. In a lesson as it comes, what
 * the cells after a prediction put out is hidden until they are run. And Shift+Enter always goes on:
 * where one has just clicked into a widget, and at a part that is folded away.
 */
(() => {
  const WIDGET = "application/vnd.jupyter.widget-view+json";
  const BACK = "Run this cell to bring the widget back.";
  const PREDICTION = /^predict\("/m;
  const RANK = -10; // as ipywidgets has it: before all others
  const STILLS = ["image/png", "text/html", "text/plain"];

  const STYLE = `
    .course-back { margin: 0.4em 0; font-family: var(--jp-ui-font-family); font-weight: 600 }
    .course-answer > .jp-Cell-outputWrapper { display: none }
    .course-answer::after { content: "Choose above, then run this cell."; padding-left: calc(var(--jp-cell-prompt-width) + 1em);
      color: var(--jp-ui-font-color2); font-family: var(--jp-ui-font-family) }`;

  /** What JupyterLab puts in the place of a widget that it has not, or not yet. */
  const isMissing = (node) => /^(Loading|Error displaying) widget/.test(node.textContent);

  function back() {
    const note = document.createElement("p");
    note.className = "course-back";
    note.textContent = BACK;
    return note;
  }

  /** A factory of renderers that calls `then(renderer, model)` each time after one has rendered. */
  function afterRendering(factory, then) {
    const createRenderer = (options) => {
      const renderer = factory.createRenderer(options);
      const render = renderer.renderModel.bind(renderer);
      renderer.renderModel = async (model) => {
        await render(model);
        await then(renderer, model);
      };
      return renderer;
    };
    return { ...factory, createRenderer };
  }

  /** In a notebook that is trusted: the still in the place of the message. */
  async function showStill(rendermime, { node }, model) {
    const type = STILLS.find((type) => type in model.data);
    if (!type || !isMissing(node)) return;
    const still = rendermime.createRenderer(type);
    const { [WIDGET]: _, ...data } = model.data;
    await still.renderModel({ trusted: model.trusted, data, metadata: model.metadata, setData: () => {} });
    if (isMissing(node)) node.replaceChildren(back(), still.node);
  }

  /** In one that is not: the still is there already. */
  function addNote({ node }, model) {
    if (WIDGET in model.data) node.prepend(back());
  }

  /** The cells that answer a prediction: they stand between it and its explanation. */
  function* answers(cells) {
    let follows = false;
    for (const cell of cells) {
      if (cell.model.type !== "code") follows = false;
      else if (follows) yield cell;
      else follows = PREDICTION.test(cell.model.sharedModel.getSource());
    }
  }

  /** Hide what came with the lesson, not what the student's own kernel has put out: that is trusted. */
  function hideAnswers(notebook) {
    for (const cell of answers(notebook.widgets)) {
      if (cell.model.trusted || !cell.model.outputs.length) continue;
      cell.addClass("course-answer");
      const show = (_, { name }) => {
        if (name !== "executionCount") return;
        cell.model.stateChanged.disconnect(show);
        cell.removeClass("course-answer");
      };
      cell.model.stateChanged.connect(show);
    }
  }

  /** The cells of the parts that are folded away. */
  function foldedAway(cells) {
    const folded = new Set();
    let level = Infinity; // of the heading under which they lie
    for (const cell of cells) {
      const own = cell.headingInfo?.level ?? -1;
      if (own > 0 && own <= level) level = Infinity;
      if (level < Infinity) folded.add(cell);
      else if (cell.headingCollapsed) level = own;
    }
    return folded;
  }

  /** Select the next cell that is not folded away; the last one stays selected. */
  function selectNext(notebook) {
    const [folded, from] = [foldedAway(notebook.widgets), notebook.activeCellIndex];
    const next = notebook.widgets.findIndex((cell, index) => index > from && !folded.has(cell));
    if (next > 0) notebook.activeCellIndex = next;
    notebook.deselectAll();
    notebook.mode = "command";
  }

  /** From a heading whose part is folded away ▶ goes to the first cell of it, and shows the notebook's beginning. */
  function leaveFolded(content) {
    let last = content.activeCell;
    content.activeCellChanged.connect((_, cell) => {
      const [heading, { widgets, activeCellIndex }] = [last, content];
      last = cell;
      if (heading?.headingCollapsed && widgets[activeCellIndex - 1] === heading && foldedAway(widgets).has(cell))
        selectNext(content);
    });
  }

  /**
   * Shift+Enter. Widgets keep their keys from JupyterLab: so the cell after the widget's is run (run
   * anew, the widget would forget what one has just chosen). At a heading whose part is folded away
   * JupyterLab would open it. One click on "cells hidden" does open it, but the button that has the
   * keys is gone then, and they go nowhere.
   */
  function goOn(event, commands, notebook) {
    if (event.key !== "Enter" || !event.shiftKey || !notebook?.isVisible) return;
    if (event.target === document.body) return commands.execute("notebook:run-cell-and-select-next");
    if (!notebook.node.contains(event.target)) return;
    const own = event.target.closest(".course-widget:not(.cw-presenting)")?.closest(".jp-Cell");
    const index = notebook.widgets.findIndex(({ node }) => node === own);
    if (index < 0 && !(notebook.mode === "command" && notebook.activeCell?.headingCollapsed)) return;
    event.preventDefault();
    event.stopPropagation();
    if (index >= 0) notebook.activeCellIndex = index;
    selectNext(notebook);
    if (index >= 0) commands.execute("notebook:run-cell-and-select-next");
    else notebook.scrollToItem(notebook.activeCellIndex, "smart");
  }

  function watch({ context, content }) {
    const { rendermime } = content;
    leaveFolded(content);
    context.ready.then(() => hideAnswers(content));
    const add = rendermime.addFactory.bind(rendermime);
    const widgets = (factory) => afterRendering(factory, (made, model) => showStill(rendermime, made, model));
    // ipywidgets brings its renderers anew for each notebook, and each kernel.
    rendermime.addFactory = (factory, rank) =>
      add(factory.mimeTypes.includes(WIDGET) ? widgets(factory) : factory, rank);
    const known = rendermime.getFactory(WIDGET);
    if (known) rendermime.addFactory(known, RANK);
    for (const type of STILLS) add(afterRendering(rendermime.getFactory(type), addNote));
  }

  /** The token of a service, from the modules that JupyterLab and its extensions share. */
  async function token(scope, module, name) {
    const versions = Object.values(scope[module] ?? {});
    return versions.length ? (await versions[0].get())()[name] : undefined;
  }

  let scope;

  async function plugin() {
    const notebooks = await token(scope, "@jupyterlab/notebook", "INotebookTracker");
    const widgets = await token(scope, "@jupyter-widgets/base", "IJupyterWidgetRegistry");
    return {
      id: "cnn-course:plugin",
      autoStart: true,
      requires: [notebooks, widgets], // widgets: their manager gets each notebook before this does
      activate: ({ commands }, tracker) => {
        const style = document.createElement("style");
        style.textContent = STYLE;
        document.head.append(style);
        document.addEventListener("keydown", (event) => goOn(event, commands, tracker.currentWidget?.content), true);
        tracker.forEach(watch);
        tracker.widgetAdded.connect((_, panel) => watch(panel));
      },
    };
  }

  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB["cnn-course"] = {
    init: (shared) => {
      scope = shared;
    },
    get: async () => {
      const found = await plugin();
      return () => ({ __esModule: true, default: found });
    },
  };
})();
