package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.PathElement;
import org.spiredoctor.pod.SocketPath;

/** Something else lies where the socket should be. */
@AutoService(Rule.class)
public final class SocketNotASocket implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    SocketPath socket = evidence.socket().orElse(null);
    if (socket == null) {
      return new Outcome.NotApplicable("there is no path");
    }
    return switch (socket.kind()) {
      case SOCKET -> new Outcome.Passed();
      case MISSING, HIDDEN, BROKEN -> new Outcome.NotApplicable("nothing is to be seen there");
      case FILE, DIRECTORY, OTHER -> {
        Finding.Builder finding =
            Finding.error(this, evidence)
                .seen("file system", socket.self().map(PathElement::inWords).orElse(""));
        if (socket.kind() == FileKind.DIRECTORY) {
          finding.seen(
              socket.path().toString(),
              "a hostPath volume of the socket itself, without type Socket, makes a directory"
                  + " when the agent is not there yet");
        }
        yield finding
            .remedy(
                new Remedy.Patch(
                    "Mount the agent's directory rather than the socket",
                    Manifests.hostPath("/tmp/spire-agent/public", socket.directory().toString())))
            .remedy(
                new Remedy.Advice(
                    "Remove what lies there on the node, then restart the agent: it cannot bind"
                        + " while the name is taken"))
            .found(socket.path() + " is " + socket.kind().inWords() + " where a socket should be");
      }
    };
  }
}
