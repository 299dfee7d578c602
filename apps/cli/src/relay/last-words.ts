const KEPT = 20;
const CHATTER = /"@level":"(trace|debug|info)"|\[(TRACE|DEBUG|INFO)\]/;
const END_BEGINS = /^(panic:|fatal error:|runtime:|SIG[A-Z]+:)/;

/** The lines of a provider's log that explain its end: the last ones, or those from the panic on. */
export class LastWords {
  private kept: string[] = [];
  private ending = false;

  get lines(): readonly string[] {
    return this.kept;
  }

  hear(line: string): void {
    if (this.ending && this.kept.length >= KEPT) return;
    if (!this.ending && END_BEGINS.test(line)) {
      this.ending = true;
      this.kept = [];
    }
    if (CHATTER.test(line)) return;
    this.kept.push(line);
    if (this.kept.length > KEPT) this.kept.shift();
  }
}
