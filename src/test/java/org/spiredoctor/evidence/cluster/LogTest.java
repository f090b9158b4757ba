package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Lines of SPIRE's logs. */
class LogTest {
  @Test
  void readsLogfmt() {
    Log log =
        Log.parse(
            """
            time="2026-01-02T03:04:05Z" level=info msg="Starting agent with data directory: \\"/run\\""
            time="2026-01-02T03:04:06Z" level=error msg="Agent crashed" error="could not: \\"x\\""
            """);
    assertThat(log.lastError().orElseThrow().inShort())
        .isEqualTo("Agent crashed: could not: \"x\"");
    assertThat(log.lines().getFirst().message())
        .isEqualTo("Starting agent with data directory: \"/run\"");
  }

  @Test
  void whatTheKubeletSaysWhereThereIsNoLogIsNoLine() {
    assertThat(Log.parse("unable to retrieve container logs for containerd://aa\n").lines())
        .isEmpty();
  }

  @Test
  void readsJson() {
    Log log =
        Log.parse("{\"error\":\"why\",\"level\":\"error\",\"msg\":\"what\",\"time\":\"now\"}");
    assertThat(log.lastError().orElseThrow().inShort()).isEqualTo("what: why");
  }

  @Test
  void keepsLinesThatAreNeither() {
    Log log = Log.parse("panic: out of cheese\n\n");
    assertThat(log.lines()).hasSize(1);
    assertThat(log.lines().getFirst().inShort()).isEqualTo("panic: out of cheese");
    assertThat(log.lastError()).isEmpty();
  }

  /** A regular expression overflowed the stack of the native binary here. */
  @Test
  void readsLinesOfAnyLength() throws InterruptedException {
    String long1 = "a\\\"b ".repeat(200_000);
    Thread small =
        new Thread(
            null,
            () ->
                assertThat(
                        Log.parse("level=error msg=\"" + long1 + "\" error=x")
                            .lastError()
                            .orElseThrow()
                            .error())
                    .isEqualTo("x"),
            "small",
            160 * 1024);
    Throwable[] failure = new Throwable[1];
    small.setUncaughtExceptionHandler((_, thrown) -> failure[0] = thrown);
    small.start();
    small.join();
    assertThat(failure[0]).isNull();
  }

  @Test
  void whatCameAfterAKeyword() {
    Log log = Log.parse("level=error msg=a\nlevel=info msg=good\nlevel=error msg=b");
    assertThat(log.after("good").lines()).hasSize(1);
    assertThat(log.after("never said").lines()).hasSize(3);
    assertThat(log.last("msg=a", "msg=b").orElseThrow().message()).isEqualTo("b");
  }

  @Test
  void noErrorIsNoError() {
    for (String line :
        new String[] {
          "{\"level\":\"info\",\"msg\":\"done\",\"error\":null}",
          "level=info msg=done error=<nil>",
          "level=info msg=done error=nil"
        }) {
      assertThat(Log.parse(line).lines().getFirst().error()).isEmpty();
      assertThat(Log.parse(line).lines().getFirst().complains()).isFalse();
    }
  }
}
