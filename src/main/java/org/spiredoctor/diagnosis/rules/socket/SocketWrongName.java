package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import java.util.List;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.SocketPath;

/** The directory is right and holds another socket than the one that is looked for. */
@AutoService(Rule.class)
public final class SocketWrongName implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    SocketPath socket = evidence.socket().orElse(null);
    if (socket == null || socket.kind() != FileKind.MISSING) {
      return new Outcome.NotApplicable("there is something at the path, or no path");
    }
    List<String> others = socket.otherSockets();
    if (others.isEmpty()) {
      return new Outcome.NotApplicable("no other socket is beside it");
    }
    String meant = "unix://" + socket.directory().resolve(others.getFirst());
    return Finding.error(this, evidence)
        .seen(socket.directory().toString(), "holds " + String.join(", ", others))
        .remedy(
            new Remedy.Patch(
                "Point to the socket that is there", Manifests.endpointVariable(meant)))
        .found(
            "There is no "
                + socket.path().getFileName()
                + " in "
                + socket.directory()
                + ", but there is "
                + String.join(", ", others));
  }
}
