// The embed script: defines <openspending-chart>, and gives pages of ours what they share with it.

export { OpenSpendingChart } from "./element";
export { PARAMETERS, queryOf, readView, textOf, type View } from "./view";
