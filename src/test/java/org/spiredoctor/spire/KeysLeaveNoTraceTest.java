package org.spiredoctor.spire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spiredoctor.simulator.Fault;
import org.spiredoctor.simulator.SimulatedAgent;

/**
 * A private key that was fetched is not reachable in the heap afterwards, and in no message.
 *
 * <p>With {@code -XX:MarkSweepDeadRatio=0}, as the build has it: a collection otherwise spares
 * itself the regions that are nearly full, and a dump of the live heap shows the dead bytes there.
 */
class KeysLeaveNoTraceTest {
  @TempDir private Path directory;

  @Test
  void noKeyIsLeftInTheHeap() throws IOException, InterruptedException {
    BlockingQueue<CallEvent> events = new LinkedBlockingQueue<>();
    try (SimulatedAgent agent = SimulatedAgent.start(directory.resolve("api.sock"), Fault.NONE);
        WorkloadApi api = new WorkloadApi(new Endpoint.Unix(agent.socket()));
        Call _ = api.start(new Request.X509Svids(), Duration.ofSeconds(20), events::add)) {
      CallEvent event = next(events);
      Answer answer =
          ((CallEvent.Answered) (event instanceof CallEvent.Connected ? next(events) : event))
              .answer();

      // The stream is still open: nothing waits for its end to be forgotten.
      Path dump = directory.resolve("heap.hprof");
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpHeap(dump.toString(), true);

      List<byte[]> keys = agent.issued().reveal();
      assertThat(keys).hasSize(1);
      assertThat(contains(dump, keys.getFirst()))
          .as("the key in a dump of the live heap")
          .isFalse();
      // The search itself finds what is there.
      assertThat(contains(dump, "workload-api".getBytes(StandardCharsets.US_ASCII))).isTrue();
      assertThat(answer.toString()).contains("spiffe://example.org/integration-test");
    }
  }

  private static CallEvent next(BlockingQueue<CallEvent> events) throws InterruptedException {
    return Objects.requireNonNull(events.poll(20, TimeUnit.SECONDS), "no event in 20 s");
  }

  private static boolean contains(Path file, byte[] needle) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      for (int at = 0; at <= bytes.limit() - needle.length; at++) {
        int matched = 0;
        while (matched < needle.length && bytes.get(at + matched) == needle[matched]) {
          matched++;
        }
        if (matched == needle.length) {
          return true;
        }
      }
      return false;
    }
  }
}
