package org.spiredoctor.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.report.Untrusted;

/**
 * The file whose content the kubelet shows as the container's termination message ({@code kubectl
 * describe pod}).
 */
public final class TerminationLog {
  private static final Path DEFAULT = Path.of("/dev/termination-log");

  /** What the kubelet reads of it. */
  private static final int MOST_BYTES = 4096;

  private final Optional<Path> given;

  /**
   * The log.
   *
   * @param given the file that the user names; where there is none, the kubelet's usual one is
   *     written if it exists
   */
  public TerminationLog(Optional<Path> given) {
    this.given = given;
  }

  /** Replaces the file's content. Failing to is said, and changes nothing else. */
  public void write(String message, Terminal terminal) {
    Path file = given.orElse(DEFAULT);
    if (given.isEmpty() && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
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
  public void writeAsMain(String message, Terminal terminal) {
    if (given.isPresent() || ProcessHandle.current().pid() == 1) {
      write(message, terminal);
    }
  }

  /** The findings, causes first, in a few lines. */
  public static String verdict(String headline, Report report) {
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
