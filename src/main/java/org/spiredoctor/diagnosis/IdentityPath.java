package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.Link.State;
import org.spiredoctor.evidence.Address;
import org.spiredoctor.evidence.Attempt;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.PathElement;
import org.spiredoctor.pod.SocketPath;
import org.spiredoctor.spire.Ending;
import org.spiredoctor.spire.X509SvidFacts;

/** The path from the address to the identity, link by link, as it was seen. */
final class IdentityPath {
  private IdentityPath() {}

  static List<Link> of(Evidence evidence) {
    List<Link> links = new ArrayList<>();
    links.add(address(evidence.query().address()));
    evidence.socket().ifPresent(socket -> links.add(socket(socket, evidence)));
    links.add(agent(evidence));
    links.add(identity(evidence));
    return List.copyOf(links);
  }

  private static Link address(Address address) {
    return address.endpoint().isPresent()
        ? new Link("address", State.HOLDS, address.text() + " (" + address.source() + ")")
        : new Link("address", State.BROKEN, address.text() + ": " + address.problem().orElse(""));
  }

  private static Link socket(SocketPath socket, Evidence evidence) {
    if (socket.kind() != FileKind.SOCKET) {
      String what = socket.kind() == FileKind.MISSING ? "nothing" : socket.kind().inWords();
      return new Link("socket", State.BROKEN, what + " at " + socket.path());
    }
    Ending.Kind kind = evidence.failureKind();
    boolean dead = kind == Ending.Kind.REFUSED || kind == Ending.Kind.DENIED;
    return new Link(
        "socket",
        dead ? State.BROKEN : State.HOLDS,
        dead
            ? evidence.failure().map(Ending::inWords).orElse("")
            : socket.self().map(PathElement::inWords).orElse(""));
  }

  private static Link agent(Evidence evidence) {
    Attempt call = evidence.lastCall().orElse(null);
    if (call == null) {
      return new Link("agent", State.UNSEEN, "not asked");
    }
    if (call.answeredAfter().isPresent()) {
      return new Link(
          "agent",
          State.HOLDS,
          "answered "
              + call.request().method()
              + " in "
              + call.answeredAfter().get().toMillis()
              + " ms");
    }
    Ending ending = call.ending().orElse(null);
    if (ending == null || ending.phase() == Ending.Phase.CONNECT) {
      return new Link("agent", State.UNSEEN, "not reached");
    }
    return ending.kind().servedByAgent()
        ? new Link("agent", State.HOLDS, "answered in " + call.took().toMillis() + " ms")
        : new Link("agent", State.BROKEN, ending.inWords());
  }

  private static Link identity(Evidence evidence) {
    List<X509SvidFacts> svids = evidence.svids();
    if (!svids.isEmpty()) {
      boolean sound = svids.stream().allMatch(svid -> svid.soundAt(evidence.at()));
      return new Link(
          "identity",
          sound ? State.HOLDS : State.BROKEN,
          svids.stream().map(X509SvidFacts::id).collect(Collectors.joining(", ")));
    }
    Ending ending = evidence.failure().orElse(null);
    return ending != null && ending.kind().servedByAgent()
        ? new Link("identity", State.BROKEN, ending.inWords())
        : new Link("identity", State.UNSEEN, "not seen");
  }
}
