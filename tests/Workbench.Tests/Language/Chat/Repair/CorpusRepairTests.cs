using System.Text.Json;
using Workbench.Language.Chat.Masks;
using Workbench.Language.Chat.Repair;
using Workbench.Language.Chat.Templates;
using Workbench.Tests.Language.Chat.Masks;
using Cases = Workbench.Tests.Jinja.Chat;

namespace Workbench.Tests.Language.Chat.Repair;

/// <summary>Generation tags for the published templates: none may render a conversation of the corpus otherwise than before.</summary>
public sealed class CorpusRepairTests(ITestOutputHelper output)
{
    [Fact]
    public void A_repaired_template_renders_every_conversation_as_before_and_its_tags_give_the_mask_by_origin()
    {
        var folder = Shared.Require("corpus/templates");
        var cases = Cases.Json(File.ReadAllText(Shared.Require("corpus/cases.json"))).EnumerateArray().ToList();
        var tokenizer = new MaskScene("<|eos|>", "<|bos|>", "<|im_start|>", "<|im_end|>", "<|eot_id|>").Tokenizer;
        var (repaired, without, partly, masks, differing) = (0, 0, 0, 0, 0);
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*.jinja", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, file);
            var text = File.ReadAllText(file);
            var original = ChatTemplate.Parse(text);
            without += original.HasGenerationTag ? 0 : 1;
            var repair = GenerationTagger.Repair(text);
            Assert.NotEqual(repair.Template is null, repair.Reason is null);
            if (repair.Template is null)
            {
                output.WriteLine($"{name}: {repair.Reason}");
                var kind = new string([.. repair.Reason!.TakeWhile(c => c is not (':' or '(')).Where(c => !char.IsDigit(c))]);
                reasons[kind] = reasons.GetValueOrDefault(kind) + 1;
                continue;
            }

            repaired++;
            partly += repair.NotExpressed.Count > 0 ? 1 : 0;
            foreach (var left in repair.NotExpressed)
            {
                output.WriteLine($"{name}: {left}");
            }

            var tagged = ChatTemplate.Parse(repair.Template);
            foreach (var entry in cases)
            {
                Assert.Equal(Outcome(original, entry), Outcome(tagged, entry));
                if (Mask(tagged, tokenizer, entry) is { AssistantMasks: not null } chat)
                {
                    masks++;
                    differing += chat.Findings.Any(f => f.Kind == MaskFindingKind.TagsDiffer) ? 1 : 0;
                }
            }
        }

        output.WriteLine($"{repaired} of {without} templates without tags repaired, {partly} of them partly; {differing} of {masks} masks differ from the origin");
        foreach (var (reason, count) in reasons)
        {
            output.WriteLine($"{count} {reason}");
        }

        Assert.True(repaired > 120, $"only {repaired} repaired");
    }

    private static string Outcome(ChatTemplate template, JsonElement entry)
    {
        try
        {
            return template.Render(Cases.Request(entry)).Text;
        }
        catch (TemplateException error)
        {
            return $"{error.Type}: {error.Message}";
        }
    }

    private static MaskedChat? Mask(ChatTemplate template, Workbench.Language.Tokenizers.PretrainedTokenizer tokenizer, JsonElement entry)
    {
        try
        {
            return MaskBuilder.Build(template, tokenizer, Cases.Request(entry));
        }
        catch (TemplateException)
        {
            return null; // compared above
        }
    }
}
