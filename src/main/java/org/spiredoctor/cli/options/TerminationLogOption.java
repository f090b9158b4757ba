package org.spiredoctor.cli.options;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.console.TerminationLog;
import picocli.CommandLine.Option;

/** Where the verdict is written for the kubelet. */
public final class TerminationLogOption {
  @Option(
      names = "--termination-log",
      paramLabel = "FILE",
      description =
          "Write the verdict to FILE too (default: /dev/termination-log, where that exists)")
  private @Nullable Path file;

  /** The file. */
  public TerminationLog log() {
    return new TerminationLog(Optional.ofNullable(file));
  }
}
