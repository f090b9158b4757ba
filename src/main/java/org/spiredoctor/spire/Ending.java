package org.spiredoctor.spire;

import io.grpc.Status;
import java.util.Locale;

/**
 * How a call ended.
 *
 * @param phase how far it had come
 * @param code the gRPC status; OK when the agent closed the stream properly
 * @param description the status's own text, as the other side sent it: untrusted
 * @param cause what lies under it on this side, such as {@code Connection refused}; empty when the
 *     status came over the wire
 * @param timedOut our own patience ended it
 */
public record Ending(
    Phase phase, Status.Code code, String description, String cause, boolean timedOut) {

  /** How far a call came before it ended. */
  public enum Phase {
    /** No connection to the socket. */
    CONNECT,
    /** Connected, but the other side never sent its HTTP/2 settings. */
    HANDSHAKE,
    /** The call was under way. */
    CALL
  }

  /**
   * What an ending means. SPIRE's texts are matched by their stable keywords (SPIRE 1.9 to 1.15).
   */
  public enum Kind {
    /** Nobody listens on the socket: {@code ECONNREFUSED}. */
    REFUSED,
    /** Nothing is at the path: {@code ENOENT}, {@code ENOTDIR}. */
    ABSENT,
    /** The way or the socket is closed to us: {@code EACCES}, {@code EPERM}. */
    DENIED,
    /** A TCP address that cannot be reached. */
    UNREACHABLE,
    /** Accepted, and never a word. */
    SILENT,
    /** Accepted, and closed before a word was said. */
    HUNG_UP,
    /** Something other than HTTP/2 answered. */
    NOT_GRPC,
    /** A gRPC server, but not a Workload API. */
    UNIMPLEMENTED,
    /** {@code PermissionDenied: no identity issued}. */
    NO_IDENTITY,
    /** {@code Unavailable: workload attestation failed}, SPIRE 1.15.2 and later. */
    ATTESTATION_FAILED,
    /** The agent is alive and had not answered when our patience ended. */
    PENDING,
    /** {@code Unavailable: rate limit exceeded}, SPIRE 1.15.2 and later. */
    RATE_LIMITED,
    /** {@code InvalidArgument: security header missing}. */
    HEADER_MISSING,
    /** gVisor: the caller's process is not the one the agent saw at first. */
    CALLER_CHANGED,
    /** The kubelet listed one container under two pods. */
    DUPLICATE_CONTAINER,
    /** A message beyond what we read. */
    TOO_LARGE,
    /** The stream was closed or broke off in the middle of the call. */
    BROKEN_OFF,
    /** Any other status. */
    OTHER;

    /** Whether only a Workload API that is up and serving ends a call so. */
    public boolean servedByAgent() {
      return switch (this) {
        case NO_IDENTITY,
            ATTESTATION_FAILED,
            RATE_LIMITED,
            CALLER_CHANGED,
            DUPLICATE_CONTAINER,
            TOO_LARGE ->
            true;
        default -> false;
      };
    }
  }

  /**
   * We hung up on a side that said nothing.
   *
   * @param connected whether it had sent its HTTP/2 settings
   */
  public static Ending silence(boolean connected) {
    Phase phase = connected ? Phase.CALL : Phase.HANDSHAKE;
    return new Ending(phase, Status.Code.DEADLINE_EXCEEDED, "", "", true);
  }

  /** What it means. */
  public Kind kind() {
    return switch (phase) {
      case CONNECT -> connecting();
      case HANDSHAKE -> handshaking();
      case CALL -> calling();
    };
  }

  private Kind connecting() {
    if (cause.contains("No such file") || cause.contains("Not a directory")) {
      return Kind.ABSENT;
    }
    if (cause.contains("Permission denied") || cause.contains("Operation not permitted")) {
      return Kind.DENIED;
    }
    return cause.contains("Connection refused") ? Kind.REFUSED : Kind.UNREACHABLE;
  }

  private Kind handshaking() {
    // A Unix socket whose queue of connections is full, as that of a stopped agent is in the end.
    boolean queueFull =
        cause.contains("temporarily unavailable") || cause.contains("NotYetConnected");
    if (timedOut || queueFull) {
      return Kind.SILENT;
    }
    if (cause.contains("Http2Exception")) {
      return Kind.NOT_GRPC;
    }
    boolean closed =
        cause.contains("reset")
            || cause.contains("Broken pipe")
            || cause.contains("ClosedChannel")
            || says("network closed")
            || says("connection closing");
    return closed ? Kind.HUNG_UP : Kind.OTHER;
  }

  private Kind calling() {
    if (timedOut) {
      return Kind.PENDING;
    }
    return switch (code) {
      case PERMISSION_DENIED -> Kind.NO_IDENTITY;
      case UNIMPLEMENTED -> Kind.UNIMPLEMENTED;
      case RESOURCE_EXHAUSTED -> says("maximum size") ? Kind.TOO_LARGE : Kind.OTHER;
      case INVALID_ARGUMENT -> says("security header") ? Kind.HEADER_MISSING : Kind.OTHER;
      case UNAVAILABLE -> unavailable();
      case OK, CANCELLED -> Kind.BROKEN_OFF;
      default -> says("same container Id") ? Kind.DUPLICATE_CONTAINER : Kind.OTHER;
    };
  }

  private Kind unavailable() {
    if (says("attestation failed")) {
      return Kind.ATTESTATION_FAILED;
    }
    if (says("rate limit")) {
      return Kind.RATE_LIMITED;
    }
    if (says("does not match original caller") || says("new process detected")) {
      return Kind.CALLER_CHANGED;
    }
    boolean broken = !cause.isEmpty() || says("connection closed") || says("goaway");
    return broken ? Kind.BROKEN_OFF : Kind.OTHER;
  }

  /** Whether the status's text has {@code keyword}, whatever its case. */
  public boolean says(String keyword) {
    return description.toLowerCase(Locale.ROOT).contains(keyword.toLowerCase(Locale.ROOT));
  }

  /** In the words of gRPC and the kernel: {@code PermissionDenied: no identity issued}. */
  public String inWords() {
    return switch (kind()) {
      case HUNG_UP ->
          "the connection was accepted, and closed before a word was said"
              + (cause.isEmpty()
                  ? ""
                  : " (" + cause.substring(cause.indexOf(": ") + 1).strip() + ")");
      case REFUSED, ABSENT, DENIED, UNREACHABLE, NOT_GRPC ->
          cause.isEmpty() ? description : cause.substring(cause.indexOf(": ") + 1).strip();
      case SILENT -> "the connection was accepted, and nothing came back";
      case PENDING -> "the agent is there, but had not answered in time";
      case BROKEN_OFF ->
          code == Status.Code.OK
              ? "the stream was closed without an answer"
              : codeInWords() + ": " + (cause.isEmpty() ? description : cause);
      default ->
          codeInWords()
              + (description.isEmpty() ? "" : ": " + description)
              + (cause.isEmpty() ? "" : " (" + cause + ")");
    };
  }

  private String codeInWords() {
    return codeInWords(code);
  }

  /** A status as Go programs write it: {@code PermissionDenied}. */
  public static String codeInWords(Status.Code code) {
    StringBuilder words = new StringBuilder();
    for (String word : code.name().split("_", -1)) {
      words.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return words.toString();
  }
}
