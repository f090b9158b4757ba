/** Rules, findings, remedies, and their ranking by cause. Pure: no I/O. */
@NullMarked
package org.spiredoctor.diagnosis;

import org.jspecify.annotations.NullMarked;
