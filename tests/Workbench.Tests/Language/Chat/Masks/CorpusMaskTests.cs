using System.Text.Json;
using Workbench.Language.Chat.Masks;
using Workbench.Language.Chat.Templates;
using Cases = Workbench.Tests.Jinja.Chat;

namespace Workbench.Tests.Language.Chat.Masks;

/// <summary>Every published template over every conversation: no mask may fail, and transformers' mask is the oracle's.</summary>
public sealed class CorpusMaskTests(ITestOutputHelper output)
{
    /// <summary>Conversations on which the choices differ: several turns, tools, reasoning.</summary>
    private static readonly string[] Telling = ["05", "09", "10", "12", "15", "17", "21", "24"];

    private static readonly MaskOptions[] Choices =
    [
        new(), new() { Train = TrainOn.LastTurn }, new() { Reasoning = false, ToolCalls = false }, new() { RecognizeSpecialTokens = false },
    ];

    [Fact]
    public void Every_conversation_that_renders_can_be_masked_and_each_token_has_its_reason()
    {
        var tokenizer = new MaskScene("<|eos|>", "<|bos|>", "<|im_start|>", "<|im_end|>", "<|eot_id|>").Tokenizer;
        var cases = Cases.Json(File.ReadAllText(Shared.Require("corpus/cases.json"))).EnumerateArray().ToList();
        var folder = Shared.Require("corpus/templates");
        var (masks, tagged, differing) = (0, 0, new SortedDictionary<string, string>(StringComparer.Ordinal));
        foreach (var file in Directory.EnumerateFiles(folder, "*.jinja", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var template = ChatTemplate.Parse(File.ReadAllText(file));
            foreach (var entry in cases)
            {
                foreach (var choice in Telling.Contains(entry.GetProperty("id").GetString()![..2]) ? Choices : Choices[..1])
                {
                    if (Mask(template, tokenizer, Cases.Request(entry), choice) is not { } chat)
                    {
                        break;
                    }

                    masks++;
                    Assert.Equal(chat.InputIds.Length, chat.Reasons.Length);
                    Assert.Equal(chat.Reasons.Select(r => r.Trained ? 1 : 0), chat.ProvenanceMasks);
                    Assert.All(chat.Reasons.Distinct(), r => Assert.StartsWith(r.Trained ? "Trained:" : "Not trained:", r.Sentence, StringComparison.Ordinal));
                    if (choice == Choices[0] && chat.AssistantMasks is not null)
                    {
                        tagged++;
                        foreach (var finding in chat.Findings.Where(f => f.Kind == MaskFindingKind.TagsDiffer))
                        {
                            differing.TryAdd($"{Path.GetRelativePath(folder, file)} {finding.Message[(finding.Message.IndexOf("): ", StringComparison.Ordinal) + 3)..]}", entry.GetProperty("id").GetString()!);
                        }
                    }
                }
            }
        }

        output.WriteLine($"{masks} masks; {tagged} renderings with generation tags");
        foreach (var (where, which) in differing)
        {
            output.WriteLine($"{where} [{which}]");
        }

        Assert.True(masks > 10_000, $"only {masks} masks");
    }

    private static MaskedChat? Mask(ChatTemplate template, Workbench.Language.Tokenizers.PretrainedTokenizer tokenizer, ChatRequest request, MaskOptions options)
    {
        try
        {
            return MaskBuilder.Build(template, tokenizer, request, options);
        }
        catch (TemplateException)
        {
            return null; // as in Python: the corpus test compares those
        }
    }
}
