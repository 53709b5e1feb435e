/** What anywidget gives to a widget's module, as far as the widgets use it. */

export interface Model {
  get(trait: string): any;
  set(trait: string, value: unknown): void;
  save_changes(): void;
  send(content: object, callbacks?: unknown, buffers?: ArrayBuffer[]): void;
  on(event: string, act: (...args: any[]) => void): void;
  off(event: string, act: (...args: any[]) => void): void;
  widget_manager?: any; // of JupyterLab: context, kernel
}

export interface Context {
  model: Model;
  el: HTMLElement;
}

/** What every view has; each widget adds its own. */
export interface View {
  seq: number;
  status?: string;
  hint?: string | null;
  trained?: boolean;
  [more: string]: any;
}
