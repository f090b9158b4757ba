package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.rules.pod.ClientText;
import org.spiredoctor.evidence.Address;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.evidence.cluster.AddressFiles;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.evidence.cluster.Workloads;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;
import org.spiredoctor.pod.AnyPath;

/** No address is given anywhere: client libraries then fail before they open a socket. */
@AutoService(Rule.class)
public final class SocketNotConfigured implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    Address address = evidence.query().address();
    return switch (address.origin()) {
      case FLAG, VARIABLE -> new Outcome.Passed();
      case DETECTED ->
          evidence.environment().inPod()
              ? described(Finding.warning(this, evidence), address)
                  .found(
                      "No address is configured; a socket was found at "
                          + address.text()
                          + ", but a program that relies on SPIFFE_ENDPOINT_SOCKET will not look"
                          + " there")
              : new Outcome.NotApplicable("found without being told");
      case DEFAULT ->
          described(Finding.error(this, evidence), address)
              .found("No address of the Workload API is configured, and none was found");
    };
  }

  private static Finding.Builder described(Finding.Builder finding, Address address) {
    return finding
        .seen("environment", "SPIFFE_ENDPOINT_SOCKET and SPIRE_AGENT_SOCKET are not set")
        .remedy(
            new Remedy.Patch(
                "Set the variable in every container that needs an identity",
                Manifests.endpointVariable(address.text())));
  }

  /**
   * As go-spiffe and java-spiffe say it. That a variable is not set shows it only where nothing
   * else can tell the program: then it is possible.
   */
  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return PodGroup.examine(cluster, pod -> !pod.over(), group -> judge(cluster, group));
  }

  private static Optional<Log.Line> complaint(ClusterCase cluster, Pod pod, Container container) {
    return cluster.evidence().log(pod, container.name()).lines().stream()
        .filter(line -> complains(line) || ClientText.succeeds(line))
        .reduce((first, last) -> last)
        .filter(SocketNotConfigured::complains);
  }

  /** As the libraries say it, and as programs do that read the variable themselves. */
  private static boolean complains(Log.Line line) {
    return line.says("workload endpoint socket address is not configured")
        || line.says("Endpoint Socket Address Environment Variable is not set")
        || (line.says("SPIFFE_ENDPOINT_SOCKET")
            && Stream.of("not set", "neither", "unset", "missing", "required")
                .anyMatch(line::says));
  }

  private Optional<Outcome> judge(ClusterCase cluster, PodGroup group) {
    Pod pod = group.first();
    return pod.containers().stream()
        .flatMap(
            container ->
                complaint(cluster, pod, container)
                    .map(line -> found(cluster, group, container, line))
                    .stream())
        .findFirst()
        .or(() -> untold(cluster, group))
        .or(() -> unseen(cluster, group));
  }

  private Optional<Outcome> untold(ClusterCase cluster, PodGroup group) {
    Pod pod = group.first();
    return pod.containers(Container.Role.APP)
        .filter(
            container ->
                socketIn(cluster, pod, container)
                    .filter(
                        socket ->
                            pod.containers().stream()
                                .noneMatch(c -> c.mayBeTold(AnyPath.directory(socket).toString())))
                    .isPresent())
        .findFirst()
        .map(
            container ->
                described(
                        group.warning(this).confidence(Finding.Confidence.POSSIBLE),
                        cluster,
                        pod,
                        container)
                    .seen(
                        "container " + container.name(),
                        "has the socket, and neither a variable nor an argument that points to it")
                    .found(
                        "Nothing in the pod's manifest tells the program in container "
                            + container.name()
                            + " where the Workload API is"));
  }

  /** The address comes from a config map, a secret, a file or another variable. */
  private static Optional<Outcome> unseen(ClusterCase cluster, PodGroup group) {
    Pod pod = group.first();
    return pod.containers().stream()
        .filter(container -> AgentSockets.address(container).isEmpty())
        .filter(container -> comesFrom(pod, container).isPresent())
        // What a file names is compared with the socket.
        .filter(container -> !isInFile(cluster, pod, container))
        .filter(
            container ->
                socketIn(cluster, pod, container)
                    .filter(socket -> !isSeen(container, String.valueOf(socket.getParent())))
                    .isPresent())
        .findFirst()
        .map(
            container ->
                new Outcome.Unknown(
                    "the address of the Workload API that container "
                        + container.name()
                        + " of "
                        + pod.inWords()
                        + " is given: "
                        + comesFrom(pod, container).orElse("")
                        + "; run spire-doctor check in the pod, or set SPIFFE_ENDPOINT_SOCKET in"
                        + " its manifest"));
  }

  private static boolean isInFile(ClusterCase cluster, Pod pod, Container container) {
    Optional<Path> directory = socketIn(cluster, pod, container).map(AnyPath::directory);
    return AddressFiles.of(cluster.evidence(), pod, container).stream()
        .anyMatch(
            one ->
                one.isSure() || directory.filter(AnyPath.of(one.path())::startsWith).isPresent());
  }

  /** Whether it is told of a socket by what is seen whole. */
  private static boolean isSeen(Container container, String directory) {
    return container
        .words()
        .filter(text -> !text.contains("$("))
        .anyMatch(text -> Container.namesSocket(text, directory));
  }

  /** What that is not seen can hold the address; an empty directory holds no settings. */
  private static Optional<String> comesFrom(Pod pod, Container container) {
    return Workloads.VARIABLES.stream()
        .filter(name -> container.unseenEnv().contains(name) || container.env().containsKey(name))
        .findFirst()
        .map(name -> "its variable " + name + " gets its value from elsewhere")
        .or(
            () ->
                container.unseenEnv().contains(Container.ENV_FROM)
                    ? Optional.of("its variables come from a config map or a secret (envFrom)")
                    : Optional.empty())
        .or(
            () ->
                container.mounts().stream()
                    .filter(mount -> pod.volume(mount.volume()).filter(v -> isFiles(v)).isPresent())
                    .findFirst()
                    .map(mount -> "it can stand in a file under " + mount.path()));
  }

  private static boolean isFiles(Volume volume) {
    return switch (volume) {
      case Volume.ConfigMap map -> AddressFiles.mayHold(map);
      case Volume.Claim _ -> true;
      case Volume.Other other -> !other.kind().equals("emptyDir");
      case Volume.HostPath _, Volume.Csi _, Volume.Tokens _ -> false;
    };
  }

  private static Optional<Path> socketIn(ClusterCase cluster, Pod pod, Container container) {
    return container.mounts().stream()
        .flatMap(
            mount ->
                pod.volume(mount.volume()).stream()
                    .flatMap(
                        volume ->
                            AgentSockets.on(cluster, pod).stream()
                                .flatMap(s -> AgentSockets.inContainer(volume, mount, s).stream())))
        .findFirst();
  }

  private Outcome found(ClusterCase cluster, PodGroup group, Container container, Log.Line line) {
    return described(group.error(this), cluster, group.first(), container)
        .seen("log of container " + container.name(), line.inShort())
        .found(
            "The program in container "
                + container.name()
                + " is not told where the Workload API is");
  }

  private static Finding.Builder described(
      Finding.Builder finding, ClusterCase cluster, Pod pod, Container container) {
    String path =
        socketIn(cluster, pod, container).map(Path::toString).orElse("/spire-socket/api.sock");
    return finding.remedy(
        new Remedy.Patch(
            "Set the variable in this container",
            Manifests.variable(container, "SPIFFE_ENDPOINT_SOCKET", "unix://" + path)));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.SOCKET_NOT_REACHED, Effect.SOCKET_DIRECTORY_ABSENT);
  }
}
