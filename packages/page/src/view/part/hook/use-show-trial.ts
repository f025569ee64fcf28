import { useFollowedStudy, usePage } from "../context.js";

/** Returns the function that goes to a trial of the followed study. */
export function useShowTrial(): (trial: string) => void {
  const { navigation } = usePage();
  const { id } = useFollowedStudy();
  return (trial) => navigation.go(navigation.href({ page: "trial", study: id, trial }));
}
