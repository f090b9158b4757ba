/** Makes the entries of a SPIRE server equal to what is declared. */
@NullMarked
package org.spiredoctor.registration;

import org.jspecify.annotations.NullMarked;
