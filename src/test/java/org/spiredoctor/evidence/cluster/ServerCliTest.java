package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerCliTest {

  /** As 1.9.0 and 1.13.0 answer {@code debug getinfo}. */
  @Test
  void aUsageTextSaysThatThereIsNoSuchCommand() {
    String usage =
        """
        Usage: spire-server [--version] [--help] <command> [<args>]

        Available commands are:
            agent               \s
            healthcheck          Determines server health status
        """;
    assertThat(ProgramRunner.reason(usage))
        .isEqualTo("this release of spire-server has no such command");
  }

  @Test
  void whatElseItComplainsOfIsQuoted() {
    String usage = "flag provided but not defined: -output\nUsage of entry show:";
    assertThat(ProgramRunner.reason(usage)).isEqualTo(usage);
    assertThat(ProgramRunner.reason("Error: connection refused"))
        .isEqualTo("Error: connection refused");
  }
}
