package org.spiredoctor.diagnosis.rules.agent;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Meta;
import org.spiredoctor.kube.Pod;

/** Two kinds of agents make the same socket on one node: the later takes it from the earlier. */
@AutoService(Rule.class)
public final class AgentSocketContested implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    List<Component> all = cluster.evidence().agents();
    List<Outcome> found = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      for (Component other : all.subList(i + 1, all.size())) {
        contested(cluster, all.get(i), other).ifPresent(found::add);
      }
    }
    return Outcome.orPassed(found);
  }

  private Optional<Outcome> contested(ClusterCase cluster, Component one, Component other) {
    Optional<String> socket =
        one.socketOnNode()
            .filter(_ -> one.tellsSocket() && other.tellsSocket())
            .filter(path -> other.socketOnNode().filter(path::equals).isPresent());
    List<String> nodes =
        one.pods().stream()
            .map(Pod::node)
            .filter(node -> !node.isEmpty())
            .filter(node -> other.pods().stream().anyMatch(pod -> pod.node().equals(node)))
            .toList();
    return nodes.isEmpty()
        ? Optional.empty()
        : socket.map(path -> finding(scope(cluster, one, other, nodes), one, other, path, nodes));
  }

  /** Both suffer, whether they are of one SPIRE or of two. */
  private static Scope scope(
      ClusterCase cluster, Component one, Component other, List<String> nodes) {
    Set<String> both = new HashSet<>(cluster.scope(one).installations());
    both.addAll(cluster.scope(other).installations());
    return new Scope(both, Set.copyOf(nodes), Set.of());
  }

  private Outcome finding(
      Scope scope, Component one, Component other, String socket, List<String> nodes) {
    Finding.Builder finding =
        Finding.error(this, Subject.of(one), scope)
            .seen(one.inWords(), "socket " + socket + " on the node")
            .seen(other.inWords(), "socket " + socket + " on the node")
            .remedy(
                new Remedy.Advice(
                    "Keep one of them on each node: delete the one that is not wanted, then start"
                        + " the other anew; or give each a socket_path and hostPath of its own"));
    // What was made last is most often the one too many.
    later(one, other)
        .flatMap(Component::owner)
        .ifPresent(
            owner ->
                finding.remedy(
                    new Remedy.Command(
                        "If the newer of them, " + owner.meta().inWords() + ", is not wanted",
                        Kubectl.command(
                            "delete",
                            "-n",
                            owner.meta().namespace(),
                            Kubectl.kindAndName(owner)))));
    return finding.found(
        "Two kinds of agents, "
            + one.inWords()
            + " and "
            + other.inWords()
            + ", run on "
            + nodes.getFirst()
            + " and take the same socket from each other");
  }

  private static Optional<Component> later(Component one, Component other) {
    return created(one)
        .flatMap(first -> created(other).map(second -> second.isAfter(first) ? other : one));
  }

  private static Optional<java.time.Instant> created(Component component) {
    return component.owner().map(owner -> owner.meta()).flatMap(Meta::created);
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_NOT_READY, Effect.TWO_AGENTS_ON_NODE, Effect.SOCKET_NOT_REACHED);
  }
}
