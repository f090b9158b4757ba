package org.spiredoctor.diagnosis.rules.agent;

import com.google.auto.service.AutoService;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;
import org.spiredoctor.pod.AnyPath;

/** The agents make their socket in no volume, so that it stays in their own container. */
@AutoService(Rule.class)
public final class AgentSocketNotShared implements Rule {
  private static final String INSIDE =
      "Let the agents make their socket in the directory of the node";

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.orPassed(
        cluster.evidence().agents().stream()
            .filter(AgentSocketNotShared::keepsItsSocket)
            .map(agents -> finding(cluster, agents))
            .toList());
  }

  /** Whether the socket lies in no volume; a volume of another kind may be shared in the pod. */
  public static boolean keepsItsSocket(Component agents) {
    return agents.setsSocket()
        && agents
            .socketInContainer()
            .map(AnyPath::of)
            // Linux' abstract sockets and those of Windows are in no directory.
            .filter(Path::isAbsolute)
            .filter(
                socket ->
                    agents.spire().stream()
                        .anyMatch(
                            c ->
                                c.mounts().stream()
                                    .noneMatch(m -> socket.startsWith(AnyPath.of(m.path())))))
            .isPresent();
  }

  private Outcome finding(ClusterCase cluster, Component agents) {
    Path socket = AnyPath.of(agents.socketInContainer().orElseThrow());
    Optional<Path> shared = shared(cluster, agents);
    Finding.Builder finding =
        Finding.error(this, Subject.of(agents), cluster.scope(agents))
            .seen("configuration of the agents", "socket_path " + socket)
            .seen(
                agents.inWords(),
                shared
                    .map(path -> "the node's directory for the socket is mounted at " + path)
                    .orElse("no volume is mounted there"));
    Optional<Path> right = shared.map(path -> path.resolve(AnyPath.name(socket)));
    right
        .filter(_ -> agents.config().known())
        .map(
            path ->
                ConfigEdit.of(cluster.evidence(), agents)
                    .flatMap(
                        edit -> edit.replace("socket_path", socket.toString(), path.toString()))
                    .<Remedy>map(command -> new Remedy.Command(INSIDE, command))
                    .orElseGet(
                        () ->
                            new Remedy.Patch(
                                INSIDE,
                                "agent {\n  socket_path = "
                                    + Manifests.quoted(path.toString())
                                    + "\n}\n")))
        .ifPresent(finding::remedy);
    return finding
        .remedy(
            Grants.to(
                agents,
                new Remedy.Patch(
                    "Or mount a directory of the node where the socket is made",
                    """
                spec:
                  template:
                    spec:
                      containers:
                        - name: %1$s
                          volumeMounts:
                            - name: spire-agent-socket
                              mountPath: %2$s
                      volumes:
                        - name: spire-agent-socket
                          hostPath:
                            path: %3$s
                            type: DirectoryOrCreate
                """
                        .formatted(
                            agents.container(),
                            Manifests.scalar(AnyPath.directory(socket).toString()),
                            Manifests.onNode(AnyPath.directory(socket).toString())))))
        .found(
            "The agents make their socket at "
                + socket
                + ", where no volume is, so that it never leaves their own container");
  }

  /** Where the agents have a directory of the node, best of all one that workloads mount. */
  private static Optional<Path> shared(ClusterCase cluster, Component agents) {
    Pod pod = agents.specimen().orElseThrow();
    Container container = agents.spire().orElseThrow();
    List<String> wanted =
        cluster.pods().stream()
            .flatMap(p -> p.volumes().stream())
            .flatMap(v -> v instanceof Volume.HostPath h ? Stream.of(h.path()) : Stream.empty())
            .toList();
    List<Container.MountPoint> mounts =
        container.mounts().stream()
            .filter(m -> pod.volume(m.volume()).orElse(null) instanceof Volume.HostPath)
            .toList();
    return mounts.stream()
        .filter(
            m ->
                pod.volume(m.volume()).orElse(null) instanceof Volume.HostPath h
                    && wanted.contains(h.path()))
        .findFirst()
        .or(() -> mounts.size() == 1 ? mounts.stream().findFirst() : Optional.empty())
        .map(m -> AnyPath.of(m.path()));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.SOCKET_NOT_REACHED);
  }
}
