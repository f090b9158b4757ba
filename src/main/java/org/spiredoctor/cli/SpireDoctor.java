package org.spiredoctor.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program itself: what all commands have in common. */
@Command(
    name = "spire-doctor",
    description = "Finds out why a pod does not get its SPIFFE identity from SPIRE.",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "%n'spire-doctor COMMAND --help' tells of a command's options. A flag beats a",
      "variable; read are SPIFFE_ENDPOINT_SOCKET, SPIRE_AGENT_SOCKET, SOCKET_DIR,",
      "SOCKET_FILE, SPIRE_TRUST_DOMAIN, KUBECONFIG, NS, WORKLOAD_SA, TRUST_DOMAIN,",
      "LC_ALL, LC_CTYPE, LANG, NO_COLOR, TERM and CI."
    })
final class SpireDoctor {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help")
  @SuppressWarnings("unused") // picocli goes by the annotation
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version")
  @SuppressWarnings("unused") // picocli goes by the annotation
  private boolean version;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an unexpected error")
  private boolean debug;

  boolean debug() {
    return debug;
  }
}
