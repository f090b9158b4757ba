package org.spiredoctor.evidence;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.Mount;
import org.spiredoctor.pod.PodEnvironment;
import org.spiredoctor.pod.SocketPath;
import org.spiredoctor.spire.Answer;
import org.spiredoctor.spire.BundleFacts;
import org.spiredoctor.spire.Ending;
import org.spiredoctor.spire.Endpoint;
import org.spiredoctor.spire.Request;
import org.spiredoctor.spire.X509SvidFacts;

/**
 * All that was seen, as a value: rules judge it, and it holds no key and no token.
 *
 * @param at when it was complete, by this machine's clock
 * @param query what should be true
 * @param socket what lies at the path; absent for a TCP endpoint and for a malformed address
 * @param environment where this process runs
 * @param attempts the calls that were made, in order
 */
public record Evidence(
    Instant at,
    PodQuery query,
    Optional<SocketPath> socket,
    PodEnvironment environment,
    List<Attempt> attempts) {

  /** The address, where it is a Unix socket's. */
  public Optional<Path> path() {
    return query
        .address()
        .endpoint()
        .flatMap(
            e -> e instanceof Endpoint.Unix unix ? Optional.of(unix.path()) : Optional.empty());
  }

  /** What lies at the socket's path; {@link FileKind#MISSING} without a path. */
  public FileKind kind() {
    return socket.map(SocketPath::kind).orElse(FileKind.MISSING);
  }

  /**
   * The last call that asked for X.509-SVIDs or bundles: the one that tells how things stand.
   * Absent when the socket it went to has gone since.
   */
  public Optional<Attempt> lastCall() {
    boolean gone = socket.isPresent() && kind() != FileKind.SOCKET && kind() != FileKind.HIDDEN;
    return gone ? Optional.empty() : x509Calls().reduce((first, second) -> second);
  }

  /** The calls that asked for X.509-SVIDs or bundles. */
  public Stream<Attempt> x509Calls() {
    return attempts.stream()
        .filter(
            attempt ->
                attempt.request() instanceof Request.X509Svids
                    || attempt.request() instanceof Request.X509Bundles);
  }

  /** How the last call failed; absent when it was answered, or never made. */
  public Optional<Ending> failure() {
    return lastCall().filter(call -> call.answer().isEmpty()).flatMap(Attempt::ending);
  }

  /** What that failure means; null without one. */
  public Ending.@Nullable Kind failureKind() {
    return failure().map(Ending::kind).orElse(null);
  }

  /** The size of the last call's answer; 0 without one. */
  public int answerBytes() {
    return switch (answer()) {
      case Answer.X509Svids svids -> svids.bytes();
      case Answer.X509Bundles bundles -> bundles.bytes();
      case Answer.JwtBundles _, Answer.JwtSvids _ -> 0;
      case null -> 0;
    };
  }

  /** The X.509-SVIDs of the last call. */
  public List<X509SvidFacts> svids() {
    return answer() instanceof Answer.X509Svids svids ? svids.svids() : List.of();
  }

  /** The X.509 bundles that came with the X.509-SVIDs of the last call. */
  public List<BundleFacts> bundles() {
    return switch (answer()) {
      case Answer.X509Svids svids -> svids.bundles();
      case Answer.X509Bundles _, Answer.JwtBundles _, Answer.JwtSvids _ -> List.of();
      case null -> List.of();
    };
  }

  private @Nullable Answer answer() {
    return lastCall().flatMap(Attempt::answer).orElse(null);
  }

  /** The mount that the socket's path lies on. */
  public Optional<Mount> mount() {
    return socket.flatMap(seen -> environment.mountOf(seen.resolved()));
  }

  /** The mount that is the socket itself. */
  public Optional<Mount> mountedSocket() {
    return mount().filter(mount -> mount.point().equals(socket.orElseThrow().resolved()));
  }
}
