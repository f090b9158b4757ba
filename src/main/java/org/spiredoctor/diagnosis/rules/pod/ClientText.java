package org.spiredoctor.diagnosis.rules.pod;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.Log;

/**
 * What clients of the Workload API write: go-spiffe, java-spiffe, spiffe-helper, {@code spire-agent
 * api}, and Envoy with the agent's SDS.
 */
public final class ClientText {
  /** What an agent answers; nothing else says so. */
  private static final List<String> DENIED =
      List.of(
          "no identity issued",
          "workload attestation failed",
          "workload is not authorized for the requested identities");

  /** Said only by clients; they try again, and say it again while it fails. */
  private static final List<String> RETRYING =
      List.of(
          "failed to watch the workload api",
          "error while watching x509 context",
          "error while watching jwt bundles",
          "x.509 context observer error",
          "jwt observer error");

  private static final List<String> FAILING =
      List.of(
          "timeout waiting for x.509 context update",
          "timeout waiting for jwt bundles update",
          "error creating x.509 source",
          "error creating jwt source",
          "error fetching x509context",
          "error in x509context watcher",
          "error fetching jwtbundleset");

  private static final List<String> NO_ANSWER = List.of("deadline exceeded", "deadline_exceeded");

  /** A peer's SPIFFE ID beside a time-out tells nothing of the Workload API. */
  private static final List<String> WORKLOAD_API =
      List.of(
          "workload api",
          "workloadapi",
          "x509source",
          "x509 source",
          "x.509 source",
          "jwtsource",
          "jwt source",
          "x509context",
          "x509 context",
          "x.509 context",
          "fetching x509 certificates",
          "fetching jwt",
          "fetch jwt svid",
          "fetch x509 svid",
          "fetchx509",
          "fetchjwt");

  private static final String FORBIDDEN = "permission denied";

  private static final List<String> UNREACHED =
      List.of("connection refused", "no such file or directory", FORBIDDEN);

  private static final Pattern FILE =
      Pattern.compile(
          "\\b(?:open|write|mkdir|rename|chmod|unlinkat|stat|lstat) (/[A-Za-z0-9._/-]{1,200})"
              + "(?: /[A-Za-z0-9._/-]{1,200})?: (?:permission denied|no such file or directory"
              + "|read-only file system|operation not permitted|no space left on device)");

  private static final List<String> SUCCESS =
      List.of(
          "x.509 certificates updated",
          "successfully fetched x509 certificates",
          "successfully fetched jwt",
          "jwt svid updated",
          "jwt bundle updated",
          "received x509context update",
          "received jwtbundleset update",
          "stored x.509 context update");

  private ClientText() {}

  /** What a client wants. */
  enum Wants {
    ANY,
    X509,
    JWT
  }

  /** Whether it says that the Workload API gives nothing, or is not reached. */
  static boolean complains(Log.Line line, Set<String> sockets) {
    String text = text(line);
    return isDenied(line)
        || isRetrying(line)
        || holds(text, FAILING)
        || (holds(text, NO_ANSWER) && holds(text, WORKLOAD_API))
        || isUnreached(line, sockets);
  }

  /** Whether the agent was reached, and gave nothing. */
  static boolean isDenied(Log.Line line) {
    return holds(text(line), DENIED);
  }

  /** Whether it is said again and again while it fails. */
  static boolean isRetrying(Log.Line line) {
    return holds(text(line), RETRYING);
  }

  /**
   * Whether a socket of the agent is not reached. Another program's, such as a database's, does not
   * count.
   */
  static boolean isUnreached(Log.Line line, Set<String> sockets) {
    String text = text(line);
    boolean unix = text.contains("dial unix") || text.contains("unix:") || text.contains(".sock");
    return unix
        && holds(text, UNREACHED)
        && (sockets.stream().anyMatch(line::says)
            || text.contains("spire-agent")
            || text.contains("spiffe-workload-api"));
  }

  /** Whether permissions are what it lacks, to whatever. */
  static boolean isForbidden(Log.Line line) {
    return text(line).contains(FORBIDDEN);
  }

  /** The file that a system call failed for, as Go's errors name it. */
  static Optional<String> failingFile(Log.Line line) {
    Matcher failing = FILE.matcher(line.text());
    return failing.find() ? Optional.of(failing.group(1)) : Optional.empty();
  }

  /** Whether a client was given what it asked for. */
  public static boolean succeeds(Log.Line line) {
    String text = text(line);
    return holds(text, SUCCESS)
        // spire-agent api, and spiffe-helper.
        || (text.startsWith("received ") && text.contains(" svid") && text.contains(" after "))
        || (line.message().equals("Received update") && text.contains("spiffe_id"));
  }

  /** Which kind of identity it speaks of. */
  static Wants wants(Log.Line line) {
    String text = text(line);
    return text.contains("jwt")
        ? Wants.JWT
        : Stream.of("x509", "x.509", "received ").anyMatch(text::contains) ? Wants.X509 : Wants.ANY;
  }

  /** Whether a success shows that a complaint before it is over. */
  static boolean refutes(Log.Line success, Log.Line complaint) {
    Wants wanted = wants(complaint);
    return wanted == Wants.ANY || wanted == wants(success);
  }

  private static String text(Log.Line line) {
    return line.text().toLowerCase(Locale.ROOT);
  }

  private static boolean holds(String text, List<String> words) {
    return words.stream().anyMatch(text::contains);
  }
}
