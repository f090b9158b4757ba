package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.PathElement;
import org.spiredoctor.pod.SocketPath;

/** The directory that should hold the socket does not exist. */
@AutoService(Rule.class)
public final class SocketDirectoryMissing implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    SocketPath socket = evidence.socket().orElse(null);
    if (socket == null || socket.kind() != FileKind.MISSING || socket.directoryExists()) {
      return new Outcome.NotApplicable("its directory is there, or there is no path");
    }
    PathElement last = socket.steps().getLast();
    return Finding.error(this, evidence)
        .seen("file system", "the path ends at " + last.path() + ", " + last.kind().inWords())
        .remedy(
            new Remedy.Advice(
                "Start the SPIRE agent on this node, or correct the path: it is the agent that"
                    + " makes the directory of its socket_path"))
        .found("The directory of the socket, " + socket.directory() + ", does not exist");
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.SOCKET_DIRECTORY_ABSENT);
  }
}
