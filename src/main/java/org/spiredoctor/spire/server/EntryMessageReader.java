package org.spiredoctor.spire.server;

import static org.spiredoctor.spire.server.Wire.BYTES;
import static org.spiredoctor.spire.server.Wire.FIELD;
import static org.spiredoctor.spire.server.Wire.NUMBER;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Pool;
import org.spiredoctor.identity.Selector;

/** Reads one {@code spire.api.types.Entry}. */
final class EntryMessageReader {
  private final CodedInputStream in;
  private final Pool pool;

  private final Set<Selector> selectors = new LinkedHashSet<>();
  private final List<String> federatesWith = new ArrayList<>();
  private final List<String> dnsNames = new ArrayList<>();
  private String id = "";
  private String spiffeId = "";
  private String parentId = "";
  private Optional<Instant> expiresAt = Optional.empty();
  private Optional<Instant> createdAt = Optional.empty();
  private boolean admin;
  private boolean downstream;
  private boolean storeSvid;
  private int x509SvidTtl;
  private int jwtSvidTtl;
  private String hint = "";
  private long revision;
  private boolean includeJti;
  private boolean disablePrefetch;

  private EntryMessageReader(CodedInputStream in, Pool pool) {
    this.in = in;
    this.pool = pool;
  }

  /** One that is a field of a message. */
  static Entry read(CodedInputStream in, Pool pool) throws IOException {
    EntryMessageReader reader = new EntryMessageReader(in, pool);
    Wire.nested(in, reader::take);
    return reader.entry();
  }

  /** One that is the whole message. */
  static Entry whole(CodedInputStream in) throws IOException {
    EntryMessageReader reader = new EntryMessageReader(in, new Pool());
    Wire.message(in, reader::take);
    return reader.entry();
  }

  private boolean take(int tag) throws IOException {
    switch (tag) {
      case 1 << FIELD | BYTES -> id = in.readString();
      case 2 << FIELD | BYTES -> spiffeId = Wire.id(in, pool);
      case 3 << FIELD | BYTES -> parentId = Wire.id(in, pool);
      case 4 << FIELD | BYTES -> selectors.add(selector(in, pool));
      case 5 << FIELD | NUMBER -> x509SvidTtl = in.readInt32();
      case 6 << FIELD | BYTES -> federatesWith.add(in.readString());
      case 7 << FIELD | NUMBER -> admin = in.readBool();
      case 8 << FIELD | NUMBER -> downstream = in.readBool();
      case 9 << FIELD | NUMBER -> expiresAt = Wire.seconds(in);
      case 10 << FIELD | BYTES -> dnsNames.add(in.readString());
      case 11 << FIELD | NUMBER -> revision = in.readInt64();
      case 12 << FIELD | NUMBER -> storeSvid = in.readBool();
      case 13 << FIELD | NUMBER -> jwtSvidTtl = in.readInt32();
      case 14 << FIELD | BYTES -> hint = pool.text(in.readString());
      case 15 << FIELD | NUMBER -> createdAt = Wire.seconds(in);
      case 16 << FIELD | BYTES -> Wire.nested(in, this::takeAttribute);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean takeAttribute(int tag) throws IOException {
    switch (tag) {
      case 1 << FIELD | NUMBER -> disablePrefetch = in.readBool();
      case 2 << FIELD | NUMBER -> includeJti = in.readBool();
      default -> {
        return false;
      }
    }
    return true;
  }

  private Entry entry() {
    Entry.Settings settings =
        new Entry.Settings(
            admin, x509SvidTtl, jwtSvidTtl, pool.texts(dnsNames), includeJti, disablePrefetch);
    return new Entry(
        id,
        spiffeId,
        parentId,
        selectors,
        expiresAt,
        createdAt,
        downstream,
        storeSvid,
        hint,
        pool.texts(federatesWith),
        pool.one(settings),
        revision);
  }

  /** Reads a {@code spire.api.types.Selector}. */
  static Selector selector(CodedInputStream in, Pool pool) throws IOException {
    String[] parts = {"", ""};
    Wire.nested(
        in,
        tag -> {
          switch (tag) {
            case 1 << FIELD | BYTES -> parts[0] = in.readString();
            case 2 << FIELD | BYTES -> parts[1] = in.readString();
            default -> {
              return false;
            }
          }
          return true;
        });
    return pool.selector(parts[0], parts[1]);
  }
}
