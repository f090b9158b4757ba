package org.spiredoctor.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * What an iteration takes but time: the peak of the heap, with garbage, so at most what it was
 * allowed; and the time that all threads were running, which does not count waiting for others.
 */
public final class Footprint implements InternalProfiler {
  static final String HEAP = "peak heap";
  static final String CPU = "CPU time";

  private long cpuBefore;

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    pools().forEach(MemoryPoolMXBean::resetPeakUsage);
    cpuBefore = cpuTime();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double nanos = cpuTime() - cpuBefore;
    double bytes = pools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    return List.of(
        new ScalarResult(CPU, nanos / 1e6, "ms", AggregationPolicy.AVG),
        new ScalarResult(HEAP, bytes / (1 << 20), "MiB", AggregationPolicy.MAX));
  }

  @Override
  public String getDescription() {
    return CPU + " and " + HEAP;
  }

  /** Of this process. */
  private static long cpuTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  private static List<MemoryPoolMXBean> pools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }
}
