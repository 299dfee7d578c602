/** The two of everything where releases are shifted between them. Which one serves changes with each release. */
export type Colour = "blue" | "green";

/** Blue is the one that there is without a second: turning the second on moves no address. */
export const colours: readonly Colour[] = ["blue", "green"];
