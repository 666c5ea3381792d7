/** Milliseconds as inputs say them: `45s`, `1m30s`, `10m`, `1h30m`; from an hour on without seconds. */
export function durationText(ms: number): string {
  const whole = Math.max(0, Math.round(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const parts = [
    ...(hours > 0 ? [`${hours}h`] : []),
    ...(minutes > 0 ? [`${minutes}m`] : []),
    ...(seconds > 0 && hours === 0 ? [`${seconds}s`] : []),
  ];
  return parts.join('') || '0s';
}
