// The script that pages and other sites load: it defines <openspending-chart>.

export { OpenSpendingChart } from "./element";
