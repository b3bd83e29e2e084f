/* Draws what stands in `data-chart` (kind, labels, series, links, target, unit); the table beside it says the same. */
"use strict";
(function draw() {
  const quiet = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const colours = ["#066fd1", "#b35900", "#2b7a3d", "#8a3ab9", "#5b6470"];
  for (const place of document.querySelectorAll("[data-chart]")) {
    const said = JSON.parse(place.dataset.chart);
    const line = said.kind === "line";
    const chart = echarts.init(place, null, { renderer: "canvas" });
    chart.setOption({
      animation: !quiet,
      aria: { enabled: true },
      color: colours,
      textStyle: { fontFamily: "inherit" },
      grid: { left: 8, right: 16, top: said.series.length > 1 ? 32 : 12, bottom: 8, containLabel: true },
      legend: said.series.length > 1 ? { top: 0, left: 0 } : undefined,
      tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => value === null ? "–" : `${value} ${said.unit || ""}`.trim() },
      xAxis: { type: "category", data: said.labels },
      yAxis: { type: "value", scale: line, axisLabel: { formatter: (value) => Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 3 }).format(value) } },
      series: said.series.map((one) => ({
        name: one.name, type: line ? "line" : "bar", data: one.values, stack: said.kind === "stacked" ? "all" : undefined,
        step: false, barMaxWidth: 40, connectNulls: false,
        markLine: said.target === undefined || said.target === null ? undefined : { silent: true, symbol: "none", data: [{ yAxis: said.target }] },
      })),
    });
    chart.on("click", (event) => {
      const links = said.series[event.seriesIndex].links || said.links;
      if (links && links[event.dataIndex]) window.location.assign(links[event.dataIndex]);
    });
    window.addEventListener("resize", () => chart.resize());
  }
})();
