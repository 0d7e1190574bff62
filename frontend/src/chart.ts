import { LitElement, html } from "lit";
import { customElement } from "lit/decorators.js";

@customElement("openspending-chart")
export class OpenSpendingChart extends LitElement {
  override render() {
    return html`<slot></slot>`;
  }
}
