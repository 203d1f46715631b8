/** Counts requests to other servers since the page was loaded: the figure in the header, which stays 0. */
class Network {
  foreign = $state(0);

  constructor() {
    const count = (entries: PerformanceEntry[]) => {
      const isForeign = ({ name }: PerformanceEntry) =>
        /^https?:/.test(name) && new URL(name).origin !== location.origin;
      this.foreign += entries.filter(isForeign).length;
    };
    new PerformanceObserver((list) => count(list.getEntries())).observe({ type: 'resource', buffered: true });
    document.addEventListener('securitypolicyviolation', () => this.foreign++);
  }
}

export const network = new Network();
