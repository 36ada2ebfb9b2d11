/** What charts need of ECharts, in one place: the build puts it into a file of its own, which nothing else loads. */
export { BarChart, LineChart } from 'echarts/charts';
export { GridComponent } from 'echarts/components';
export { type ECharts, init, use } from 'echarts/core';
export { SVGRenderer } from 'echarts/renderers';
