using AngleSharp.Dom;
using Workbench.Learning.Training;
using Workbench.Web.Components.Pages.Models;
using Workbench.Web.Components.Pages.Runs;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Tests.Components;

public sealed class LoraFormTests
{
    private static RunForm Filled() => new() { Model = "model", Dataset = "data" };

    [Fact]
    public void What_the_form_writes_the_trainer_understands()
    {
        var form = Filled();
        form.UsePeft = true;
        form.Lora["lora_r"] = "8";
        form.Lora["lora_target_modules"] = "q_proj, v_proj o_proj";
        form.Lora["lora_modules_to_save"] = "lm_head";
        form.Lora.UseRslora = true;
        var config = RunConfig.Parse(form.ToConfig(null));
        Assert.Equal((true, 8, 32, 0.05, true), (config.UsePeft, config.LoraR, config.LoraAlpha, config.LoraDropout, config.UseRslora));
        Assert.Equal(["q_proj", "v_proj", "o_proj"], config.LoraTargetModules!);
        Assert.Equal(["lm_head"], config.LoraModulesToSave!);

        form.Lora["lora_target_modules"] = @".*\.1\.self_attn\.(q|o)_proj";
        Assert.Equal([@".*\.1\.self_attn\.(q|o)_proj"], RunConfig.Parse(form.ToConfig(null)).LoraTargetModules!);
        form.UsePeft = false;
        Assert.False(RunConfig.Parse(form.ToConfig(null)).UsePeft);
    }

    [Theory]
    [InlineData("lora_r", "0", "from 1 to 4096")]
    [InlineData("lora_r", "8.5", "not a whole number")]
    [InlineData("lora_dropout", "1", "below 1")]
    [InlineData("lora_dropout", "x", "not a number")]
    [InlineData("lora_target_modules", "q_proj, c_attn", "c_attn")]
    [InlineData("lora_target_modules", "(", "regular expression")]
    [InlineData("lora_modules_to_save", "router", "choose among embed_tokens")]
    public void A_field_that_cannot_be_used_says_so_at_once_and_starts_nothing(string key, string value, string said)
    {
        var form = Filled();
        form.UsePeft = true;
        form.Lora[key] = value;
        Assert.Contains(said, form.Lora.ErrorOf(key), StringComparison.Ordinal);
        Assert.Equal(key, Assert.Throws<UserInputException>(() => form.ToConfig(null)).Place);
        Assert.All(LoraForm.Fields.Where(field => field.Key != key), field => Assert.Null(form.Lora.ErrorOf(field.Key)));
    }

    [Fact]
    public async Task The_fields_appear_when_the_adapter_is_switched_on_and_show_what_is_wrong()
    {
        var form = Filled();
        Assert.Empty((await ShowAsync(form)).QuerySelectorAll("input.input"));
        form.UsePeft = true;
        form.Lora["lora_r"] = "0";
        var shown = await ShowAsync(form);
        Assert.Equal(LoraForm.Fields.Select(field => field.Key), shown.QuerySelectorAll("input.input").Select(input => input.Id));
        Assert.Equal("true", shown.QuerySelector("#lora_r")!.GetAttribute("aria-invalid"));
        Assert.Contains("from 1 to 4096", shown.QuerySelector("#lora_r-hint")!.TextContent, StringComparison.Ordinal);
        Assert.All(shown.QuerySelectorAll("input.input"), input => Assert.NotNull(shown.QuerySelector($"label[for='{input.Id}']")));

        form.ChooseMethod("dpo");
        Assert.Null((await ShowAsync(form)).QuerySelector("#lora_dropout"));
        form.ContinuesAdapter = true;
        Assert.Empty((await ShowAsync(form)).QuerySelectorAll("input.input"));
    }

    private static Task<IElement> ShowAsync(RunForm form) => Rendered.Async<LoraFields>(new() { ["Form"] = form });

    [Fact]
    public void An_adapter_is_suggested_a_higher_learning_rate()
    {
        foreach (var method in new[] { "sft", "dpo" })
        {
            foreach (var parameters in new[] { 400_000L, 135_000_000, 7_000_000_000 })
            {
                var (whole, adapter) = (Filled(), Filled());
                adapter.UsePeft = true;
                foreach (var form in new[] { whole, adapter })
                {
                    form.ChooseMethod(method);
                    form.SuggestFor(parameters, 512);
                }

                var (low, high) = (RunConfig.Parse(whole.ToConfig(null)).LearningRate, RunConfig.Parse(adapter.ToConfig(null)).LearningRate);
                Assert.InRange(high / low, 2.9, 10.1);
            }
        }
    }

    [Fact]
    public void Adapters_stand_beneath_their_model_and_those_of_others_last()
    {
        static ModelEntry Entry(string id, string? basePath = null) =>
            new() { Id = id, Name = id, Path = "/" + id, Architecture = "", DType = "", BasePath = basePath, LoraR = 8, LoraAlpha = 16.5, LoraTargets = "q_proj" };
        var arranged = ModelTree.Arrange([Entry("stray", "/gone"), Entry("a2", "/a"), Entry("b"), Entry("a1", "/a"), Entry("a")]);
        Assert.Equal(["b", "a", "a2", "a1", "stray"], arranged.Select(model => model.Id));
        Assert.Equal("r 8, alpha 16.5, q_proj", ModelTree.Describe(arranged[2]));
    }
}
