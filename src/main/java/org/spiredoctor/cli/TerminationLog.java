package org.spiredoctor.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.report.Untrusted;
import picocli.CommandLine.Option;

/**
 * The file whose content the kubelet shows as the container's termination message ({@code kubectl
 * describe pod}).
 */
final class TerminationLog {
  private static final Path DEFAULT = Path.of("/dev/termination-log");

  /** What the kubelet reads of it. */
  private static final int MOST_BYTES = 4096;

  @Option(
      names = "--termination-log",
      paramLabel = "FILE",
      description =
          "Write the verdict to FILE too (default: /dev/termination-log, where that exists)")
  private @Nullable Path given;

  /** Replaces the file's content. Failing to is said, and changes nothing else. */
  void write(String message, Terminal terminal) {
    Path file = Optional.ofNullable(given).orElse(DEFAULT);
    if (given == null && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      // Who can write beside the file could have any other replaced, by a link.
      Files.write(
          file,
          cut(Untrusted.block(message)),
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      terminal.complain("the termination log " + file + " cannot be written: " + reason(file, e));
    }
  }

  /** The same, unless this runs beside the container's own program, whose log it then is. */
  void writeAsMain(String message, Terminal terminal) {
    if (given != null || ProcessHandle.current().pid() == 1) {
      write(message, terminal);
    }
  }

  /** The findings, causes first, in a few lines. */
  static String verdict(String headline, Report report) {
    return headline
        + "\n"
        + report.causes().map(TerminationLog::line).collect(Collectors.joining());
  }

  private static String line(Finding finding) {
    String seen =
        finding.evidence().isEmpty()
            ? ""
            : " (" + Untrusted.clean(finding.evidence().getFirst().text()) + ")";
    return finding.id() + ": " + Untrusted.clean(finding.summary()) + seen + "\n";
  }

  private static byte[] cut(String message) {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MOST_BYTES) {
      return bytes;
    }
    int end = MOST_BYTES;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return java.util.Arrays.copyOf(bytes, end);
  }

  private static String reason(Path file, IOException e) {
    return Files.isSymbolicLink(file)
        ? "it is a symbolic link; give the file itself"
        : e instanceof java.nio.file.AccessDeniedException
            ? "permission denied"
            : e instanceof java.nio.file.NoSuchFileException
                ? "its directory does not exist"
                : String.valueOf(e.getMessage());
  }
}
