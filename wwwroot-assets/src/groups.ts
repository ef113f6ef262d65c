// Which metrics stand together, and in which order.
import { phrase } from "./phrases";

export interface Group {
  title: string;
  names: string[];
}

const first = ["loss", "mean_token_accuracy", "entropy", "rewards/accuracies", "rewards/margins", "reward", "reward_std", "frac_reward_zero_std", "tokens_per_second"];

/** Metrics in groups. eval_x is drawn together with x and stands for itself only where there is no x. */
export function grouped(all: Iterable<string>): Group[] {
  const known = new Set(all);
  const groups = new Map<string, string[]>();
  for (const name of known) {
    if (name.startsWith("eval_") && known.has(name.slice(5))) continue;
    const title = titleOf(name);
    groups.set(title, [...groups.get(title) ?? [], name]);
  }
  const titles = [phrase("Learning"), phrase("Preferences"), phrase("Completions and rewards"), phrase("Optimizer"), phrase("Machine"), phrase("Others")];
  return titles.filter(title => groups.has(title)).map(title => ({ title, names: groups.get(title)!.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b)) }));
}

function titleOf(name: string): string {
  const bare = name.replace(/^eval_/, "");
  if (/^(rewards\/(chosen|rejected|accuracies|margins)|logps\/|logits\/|nll_loss|log_odds|kl$)/.test(bare)) return phrase("Preferences");
  if (/^(completions?\/|reward|rewards\/|frac_reward|clip_ratio|sampling\/|num_completions)/.test(bare)) return phrase("Completions and rewards");
  if (/^(loss|mean_token_accuracy|entropy|aux_loss|perplexity)/.test(bare)) return phrase("Learning");
  if (/^(grad_norm|learning_rate|lr|weight_norm|update)/.test(bare)) return phrase("Optimizer");
  if (/(tokens_per_second|mfu|memory|num_tokens|runtime|per_second|seconds)/.test(bare)) return phrase("Machine");
  return phrase("Others");
}

function rank(name: string): number {
  const at = first.indexOf(name.replace(/^eval_/, ""));
  return at < 0 ? first.length : at;
}
