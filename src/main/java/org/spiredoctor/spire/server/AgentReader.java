package org.spiredoctor.spire.server;

import static org.spiredoctor.spire.server.Wire.BYTES;
import static org.spiredoctor.spire.server.Wire.FIELD;
import static org.spiredoctor.spire.server.Wire.NUMBER;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Pool;
import org.spiredoctor.identity.Selector;

/** Reads one {@code spire.api.types.Agent}. */
final class AgentReader {
  private final CodedInputStream in;
  private final Pool pool;

  private final Set<Selector> selectors = new LinkedHashSet<>();
  private String id = "";
  private String attestationType = "";
  private Optional<Instant> expiresAt = Optional.empty();
  private boolean banned;
  private boolean canReattest;
  private Optional<String> version = Optional.empty();

  private AgentReader(CodedInputStream in, Pool pool) {
    this.in = in;
    this.pool = pool;
  }

  static Agent read(CodedInputStream in, Pool pool) throws IOException {
    AgentReader reader = new AgentReader(in, pool);
    Wire.nested(in, reader::take);
    return new Agent(
        reader.id,
        reader.attestationType,
        Set.copyOf(reader.selectors),
        reader.banned,
        reader.canReattest,
        reader.expiresAt,
        reader.version);
  }

  private boolean take(int tag) throws IOException {
    switch (tag) {
      case 1 << FIELD | BYTES -> id = Wire.id(in, pool);
      case 2 << FIELD | BYTES -> attestationType = pool.text(in.readString());
      case 4 << FIELD | NUMBER -> expiresAt = Wire.seconds(in);
      case 5 << FIELD | BYTES -> selectors.add(EntryMessageReader.selector(in, pool));
      case 6 << FIELD | NUMBER -> banned = in.readBool();
      case 7 << FIELD | NUMBER -> canReattest = in.readBool();
      case 8 << FIELD | BYTES ->
          version = Optional.of(pool.text(in.readString())).filter(text -> !text.isEmpty());
      default -> {
        return false;
      }
    }
    return true;
  }
}
