package org.spiredoctor.spire.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;

/**
 * Which fields of an entry are sent ({@code spire.api.types.EntryMask}): the server leaves all
 * others of an entry as they are, those that this program does not know included.
 *
 * @param fields their numbers in {@code spire.api.types.Entry}, which are those of the mask too
 */
record FieldMask(List<Integer> fields) {
  static final int ID = 1;
  static final int SPIFFE_ID = 2;
  static final int PARENT_ID = 3;
  static final int SELECTORS = 4;
  static final int X509_SVID_TTL = 5;
  static final int FEDERATES_WITH = 6;
  static final int ADMIN = 7;
  static final int DOWNSTREAM = 8;
  static final int EXPIRES_AT = 9;
  static final int DNS_NAMES = 10;
  static final int STORE_SVID = 12;
  static final int JWT_SVID_TTL = 13;
  static final int HINT = 14;
  static final int ATTRIBUTES = 16;

  /** All that can be sent: what the server sets by itself is left out. */
  static final FieldMask ALL =
      new FieldMask(
          IntStream.concat(
                  IntStream.rangeClosed(SPIFFE_ID, DNS_NAMES),
                  IntStream.of(STORE_SVID, JWT_SVID_TTL, HINT, ATTRIBUTES))
              .boxed()
              .toList());

  /** The fields that an update is meant to change. */
  static FieldMask of(EntryUpdate update) {
    List<Integer> changed = new ArrayList<>();
    for (int field : ALL.fields()) {
      Function<Entry, Object> value = entry -> value(entry, field);
      if (!Objects.equals(value.apply(update.seen()), value.apply(update.meant()))) {
        changed.add(field);
      }
    }
    return new FieldMask(List.copyOf(changed));
  }

  private static Object value(Entry entry, int field) {
    Entry.Settings settings = entry.settings();
    return switch (field) {
      case SPIFFE_ID -> entry.spiffeId();
      case PARENT_ID -> entry.parentId();
      case SELECTORS -> entry.selectors();
      case X509_SVID_TTL -> settings.x509SvidTtl();
      // Their order means nothing.
      case FEDERATES_WITH -> entry.federatesWith().stream().sorted().toList();
      case ADMIN -> settings.admin();
      case DOWNSTREAM -> entry.downstream();
      case EXPIRES_AT -> entry.expiresAt();
      // The first of them is the certificate's common name.
      case DNS_NAMES -> settings.dnsNames();
      case STORE_SVID -> entry.storeSvid();
      case JWT_SVID_TTL -> settings.jwtSvidTtl();
      case HINT -> entry.hint();
      case ATTRIBUTES -> List.of(settings.disableX509SvidPrefetch(), settings.jwtSvidIncludeJti());
      default -> throw new IllegalArgumentException("an entry has no field " + field);
    };
  }
}
