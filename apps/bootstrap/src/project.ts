/** First segment of every name; also the first of every state key. */
export const PROJECT = "telemedicina";
