package org.spiredoctor.diagnosis;

import io.grpc.Status;
import io.spiffe.spiffeid.SpiffeId;
import io.spiffe.spiffeid.TrustDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.evidence.Address;
import org.spiredoctor.evidence.Address.Origin;
import org.spiredoctor.evidence.Attempt;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.evidence.PodQuery;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.Mount;
import org.spiredoctor.pod.PathElement;
import org.spiredoctor.pod.PodEnvironment;
import org.spiredoctor.pod.PodEnvironment.Sandbox;
import org.spiredoctor.pod.SocketPath;
import org.spiredoctor.pod.SocketPath.Sibling;
import org.spiredoctor.spire.Answer;
import org.spiredoctor.spire.BundleFacts;
import org.spiredoctor.spire.Ending;
import org.spiredoctor.spire.Ending.Phase;
import org.spiredoctor.spire.Endpoint;
import org.spiredoctor.spire.JwtSvidFacts;
import org.spiredoctor.spire.Request;
import org.spiredoctor.spire.X509SvidFacts;
import org.spiredoctor.spire.X509SvidFacts.Validity;

/** Makes the smallest evidence that shows a fault. It begins with a healthy pod. */
public final class Scene {
  /** When every scene takes place. */
  public static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private static final Path SOCKET = Path.of("/spire-socket/api.sock");
  private static final PathElement ROOT = directory("/");

  private Address address =
      Address.strict("unix://" + SOCKET, Origin.VARIABLE, "SPIFFE_ENDPOINT_SOCKET");
  private List<PathElement> steps =
      List.of(ROOT, directory("/spire-socket"), step(SOCKET.toString(), FileKind.SOCKET, 0777));
  private Optional<List<Sibling>> siblings =
      Optional.of(List.of(new Sibling("api.sock", FileKind.SOCKET)));
  private Optional<String> unlistable = Optional.empty();
  private boolean inPod = true;
  private Optional<List<Mount>> mounts =
      Optional.of(List.of(mount("/", "/"), mount("/spire-socket", "/tmp/spire-agent/public")));
  private Optional<Sandbox> sandbox = Optional.empty();
  private Optional<String> selinux = Optional.empty();
  private int uid = 65532;
  private List<Path> sockets = List.of(SOCKET);
  private final List<Attempt> attempts = new ArrayList<>();
  private Optional<SpiffeId> spiffeId = Optional.empty();
  private Optional<TrustDomain> trustDomain = Optional.empty();
  private Optional<String> audience = Optional.empty();
  private List<TrustDomain> federatesWith = List.of();
  private Duration clock = Duration.ZERO;

  /** A healthy pod that has been asked nothing yet. */
  public static Scene pod() {
    return new Scene();
  }

  /** A healthy pod whose call was answered with one good SVID. */
  public static Scene served() {
    return pod().answer(svid("spiffe://example.org/web"));
  }

  /** A pod whose call ended with a status of the agent. */
  public static Scene status(Status.Code code, String text) {
    return pod().ended(new Ending(Phase.CALL, code, text, "", false));
  }

  /** A pod whose connection failed. */
  public static Scene connection(Phase phase, String cause) {
    return pod().ended(new Ending(phase, Status.Code.UNAVAILABLE, "io exception", cause, false));
  }

  public Scene address(Address other) {
    this.address = other;
    return this;
  }

  public Scene address(String text, Origin origin) {
    return address(Address.strict(text, origin, origin.name()));
  }

  public Scene outsidePod() {
    this.inPod = false;
    return this;
  }

  public Scene at(FileKind kind) {
    this.steps =
        kind == FileKind.MISSING
            ? List.of(ROOT, directory("/spire-socket"))
            : List.of(ROOT, directory("/spire-socket"), step(SOCKET.toString(), kind, 0755));
    this.siblings = Optional.of(List.of());
    this.sockets = List.of();
    return this;
  }

  public Scene steps(PathElement... all) {
    this.steps = List.of(all);
    return this;
  }

  public Scene withoutDirectory() {
    this.steps = List.of(ROOT);
    this.siblings = Optional.empty();
    this.sockets = List.of();
    return this;
  }

  public Scene siblings(String... names) {
    this.siblings =
        Optional.of(List.of(names).stream().map(n -> new Sibling(n, FileKind.SOCKET)).toList());
    return this;
  }

  public Scene unlistable(String why) {
    this.siblings = Optional.empty();
    this.unlistable = Optional.of(why);
    return this;
  }

  public Scene mounts(Mount... all) {
    this.mounts = Optional.of(List.of(all));
    return this;
  }

  public Scene mountsUnknown() {
    this.mounts = Optional.empty();
    return this;
  }

  public Scene socketsAt(String... paths) {
    this.sockets = List.of(paths).stream().map(Path::of).toList();
    return this;
  }

  public Scene sandbox(Sandbox which) {
    this.sandbox = Optional.of(which);
    return this;
  }

  public Scene selinux(String context) {
    this.selinux = Optional.of(context);
    return this;
  }

  public Scene uid(int id) {
    this.uid = id;
    return this;
  }

  public Scene expecting(String id) {
    this.spiffeId = Optional.of(SpiffeId.parse(id));
    return this;
  }

  public Scene expectingDomain(String name) {
    this.trustDomain = Optional.of(TrustDomain.parse(name));
    return this;
  }

  public Scene federatesWith(String name) {
    this.federatesWith = List.of(TrustDomain.parse(name));
    return this;
  }

  public Scene ended(Ending ending) {
    return ended(ending, Duration.ofMillis(5));
  }

  /** A call that ended, and how long it took. */
  public Scene ended(Ending ending, Duration took) {
    boolean connected = ending.phase() == Phase.CALL;
    return call(new Request.X509Svids(), took, connected, Optional.empty(), Optional.of(ending));
  }

  public Scene answer(X509SvidFacts... svids) {
    return answer(Duration.ofMillis(5), 2000, svids);
  }

  public Scene answer(Duration took, int bytes, X509SvidFacts... svids) {
    List<BundleFacts> bundles = List.of(new BundleFacts("example.org", 1, Optional.empty()));
    return call(
        new Request.X509Svids(),
        took,
        true,
        Optional.of(new Answer.X509Svids(List.of(svids), bundles, bytes)),
        Optional.empty());
  }

  /** An answer with {@code svid} and one bundle. */
  public Scene bundle(BundleFacts bundle, X509SvidFacts svid) {
    return call(
        new Request.X509Svids(),
        Duration.ofMillis(5),
        true,
        Optional.of(new Answer.X509Svids(List.of(svid), List.of(bundle), 2000)),
        Optional.empty());
  }

  /** The answer to a request for a JWT-SVID for {@code wanted}. */
  public Scene jwt(String wanted, JwtSvidFacts... svids) {
    this.audience = Optional.of(wanted);
    return call(
        new Request.JwtSvid(wanted, Map.of()),
        Duration.ofMillis(5),
        true,
        Optional.of(new Answer.JwtSvids(List.of(svids))),
        Optional.empty());
  }

  /** The refusal of a request for a JWT-SVID for {@code wanted}. */
  public Scene jwtRefused(String wanted, Status.Code code, String text) {
    this.audience = Optional.of(wanted);
    return call(
        new Request.JwtSvid(wanted, Map.of()),
        Duration.ofMillis(5),
        true,
        Optional.empty(),
        Optional.of(new Ending(Phase.CALL, code, text, "", false)));
  }

  /** Lets time pass before the next call. */
  public Scene later(Duration after) {
    this.clock = clock.plus(after);
    return this;
  }

  private Scene call(
      Request request,
      Duration took,
      boolean connected,
      Optional<Answer> answer,
      Optional<Ending> ending) {
    Duration began = clock;
    clock = clock.plus(took);
    attempts.add(
        new Attempt(
            request, began, clock, took, 1, connected, answer.map(_ -> took), answer, ending));
    return this;
  }

  /** The evidence. */
  public Evidence evidence() {
    Optional<SocketPath> socket =
        address
            .endpoint()
            .filter(Endpoint.Unix.class::isInstance)
            .map(_ -> new SocketPath(SOCKET, SOCKET, steps, siblings, unlistable));
    return new Evidence(
        NOW,
        new PodQuery(address, spiffeId, trustDomain, audience, federatesWith),
        socket,
        new PodEnvironment(
            inPod,
            Optional.of("apps"),
            "web-0",
            mounts,
            sandbox,
            selinux,
            Optional.of(uid),
            sockets),
        List.copyOf(attempts));
  }

  /** What all rules make of it. */
  public Report report() {
    return Diagnosis.examine(evidence(), Rules.all());
  }

  public static PathElement directory(String path) {
    return step(path, FileKind.DIRECTORY, 0755);
  }

  public static PathElement step(String path, FileKind kind, int mode) {
    return new PathElement(Path.of(path), kind, mode, 0, 0, 1, true);
  }

  public static PathElement closed(String path, FileKind kind, int mode) {
    return new PathElement(Path.of(path), kind, mode, 0, 0, 1, false);
  }

  public static Mount mount(String point, String root) {
    return new Mount(Path.of(point), root, "ext4", "/dev/vda", "rw,relatime");
  }

  public static X509SvidFacts svid(String id) {
    return svid(id, NOW.minusSeconds(60), NOW.plusSeconds(3600));
  }

  public static X509SvidFacts svid(String id, Instant notBefore, Instant notAfter) {
    return new X509SvidFacts(
        id, "", Optional.of(new Validity(notBefore, notAfter)), Optional.empty(), Optional.empty());
  }
}
