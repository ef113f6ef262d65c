// The few calls that the charts make; the full types would be 6,000 lines for them.
declare module "plotly.js-cartesian-dist-min" {
  interface Plotly {
    react(element: HTMLElement, data: object[], layout: object, config: object): Promise<void>;
    purge(element: HTMLElement): void;
    Fx: {
      hover(element: HTMLElement, points: { xval: number }[]): void;
      unhover(element: HTMLElement): void;
    };
  }
  const plotly: Plotly;
  export default plotly;
}
