package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.SocketPath;

/** The directory is there and holds no socket: no agent serves on this node. */
@AutoService(Rule.class)
public final class SocketDirectoryEmpty implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    SocketPath socket = evidence.socket().orElse(null);
    if (socket == null || socket.kind() != FileKind.MISSING) {
      return new Outcome.NotApplicable("there is something at the path, or no path");
    }
    if (!socket.directoryExists()) {
      return new Outcome.NotApplicable("its directory is not there");
    }
    if (!socket.otherSockets().isEmpty()) {
      return new Outcome.NotApplicable("other sockets are there");
    }
    boolean servedBefore =
        evidence.x509Calls().anyMatch(call -> call.connected() || call.answer().isPresent());
    Finding.Builder finding =
        Finding.error(this, evidence).seen(socket.directory().toString(), content(socket));
    evidence
        .mount()
        .filter(mount -> !mount.isRoot())
        .ifPresent(
            mount ->
                finding.seen(
                    "/proc/self/mountinfo",
                    mount.point() + " is " + mount.root() + ", " + mount.type()));
    if (servedBefore) {
      finding.seen("the socket", "was there before and has gone: the agent stopped");
    }
    return finding
        .remedy(
            new Remedy.Command(
                "See whether an agent runs on this pod's node, and what it says",
                Kubectl.agentPods()))
        .remedy(
            new Remedy.Advice(
                "If an agent runs there, compare its socket's directory on the node with the"
                    + " hostPath of this volume"))
        .found("No agent serves on this node: " + socket.directory() + " holds no socket");
  }

  private static String content(SocketPath socket) {
    if (socket.siblings().isEmpty()) {
      return "cannot be listed: " + socket.unlistable().orElse("unknown");
    }
    List<SocketPath.Sibling> siblings = socket.siblings().get();
    return siblings.isEmpty()
        ? "is empty"
        : "holds no socket, only "
            + siblings.stream()
                .limit(5)
                .map(SocketPath.Sibling::name)
                .collect(Collectors.joining(", "));
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.SOCKET_DIRECTORY_ABSENT);
  }
}
